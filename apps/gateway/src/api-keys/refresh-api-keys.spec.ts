import { ApiKeyChanged, type ApiKeyChanges, create, type ReadApiKeyChanges } from '#libs/contracts';
import type { AmqpClient } from '#libs/messaging';
import { type Log, Readiness } from '#libs/observability';
import { jest } from '@jest/globals';
import { KnownApiKeys } from './known-api-keys.js';
import { RefreshApiKeys } from './refresh-api-keys.js';

const change = (keyId: string, version: number, revoked = false): ApiKeyChanged =>
  create(ApiKeyChanged, { keyId, version, revoked, hash: '', pepperId: 'p', scopes: ['events:read'] });

describe('a gateway that gets no message about API keys', () => {
  let registry: ApiKeyChanged[] | 'away';
  let keys: KnownApiKeys;
  let readiness: Readiness;
  let refresh: RefreshApiKeys;

  const ask = ({ after, limit }: ReadApiKeyChanges): Promise<ApiKeyChanges> => {
    if (registry === 'away') return Promise.reject(new Error('away'));
    const changes = registry.filter(({ version }) => version > after).slice(0, limit);
    const version = Math.max(...registry.map((one) => one.version));
    return Promise.resolve({ changes, version, hasMore: (changes.at(-1)?.version ?? version) < version });
  };

  beforeEach(() => {
    jest.useFakeTimers();
    registry = [change('key_a', 1), change('key_b', 2)];
    keys = new KnownApiKeys();
    readiness = new Readiness();
    const log = { info: () => undefined, warn: () => undefined };
    refresh = new RefreshApiKeys({ ask } as unknown as AmqpClient, keys, log as unknown as Log, readiness);
  });

  afterEach(() => {
    refresh.onApplicationShutdown();
    jest.useRealTimers();
  });

  const known = (): unknown[] => ['key_a', 'key_b', 'key_c'].map((id) => keys.find(id)?.version);

  it('knows of a new and of a revoked one within 5 s', async () => {
    refresh.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(100);
    expect(known()).toEqual([1, 2, undefined]);
    registry = [change('key_b', 2), change('key_c', 3), change('key_a', 4, true)];
    await jest.advanceTimersByTimeAsync(4500);
    expect(known()).toEqual([undefined, 2, 3]);
  });

  it('reads more than fit into one answer', async () => {
    registry = Array.from({ length: 2500 }, (_, index) => change(`key_${index}`, index + 1));
    refresh.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(100);
    expect([keys.find('key_0')?.version, keys.find('key_2499')?.version]).toEqual([1, 2500]);
  });

  it('is not ready before it has read them, and keeps them while the registry is away', async () => {
    registry = 'away';
    refresh.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await readiness.report()).toEqual({ status: 'unavailable', missing: ['api-keys'] });
    registry = [change('key_a', 1)];
    await jest.advanceTimersByTimeAsync(2000);
    expect(await readiness.report()).toEqual({ status: 'ok' });
    registry = 'away';
    await jest.advanceTimersByTimeAsync(2 * 3_600_000);
    expect(known()).toEqual([1, undefined, undefined]);
  });

  it('forgets what the registry has forgotten after they could not talk for long', async () => {
    refresh.onApplicationBootstrap();
    await jest.advanceTimersByTimeAsync(100);
    registry = 'away';
    await jest.advanceTimersByTimeAsync(2 * 3_600_000);
    registry = [change('key_c', 9)];
    await jest.advanceTimersByTimeAsync(2000);
    expect(known()).toEqual([undefined, undefined, 9]);
  });
});
