export * as behave from './receiver/behaviours.js';
export * from './receiver/test-certificates.js';
export * from './receiver/webhook-receiver.js';
export * from './broker/fresh-vhost.js';
export * from './database/fresh-database.js';
export * from './until.js';
export * from './servers/index.js';
export * from './posthorn/running-posthorn.js';
export { TcpProxy } from './faults/tcp-proxy.js';
