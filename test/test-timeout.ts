import { jest } from '@jest/globals';

// A test that waits for a real server says itself how long; this only ends what hangs.
jest.setTimeout(60_000);
