export * from './duration.js';
export * from './invalid-config.error.js';
export * from './listen-error.js';
export * from './load-config.js';
export * from './retention.js';
export * from './secret.js';
export * from './to.js';
export * from './weak.js';
