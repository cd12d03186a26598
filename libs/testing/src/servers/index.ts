export * from './start-test-servers.js';
export type * from './test-servers.js';
