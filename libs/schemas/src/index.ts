export * from './compile-schema.js';
