export * from './compile-schema.js';
export type { JsonSchema } from './evaluation.js';
export { inexactNumbers } from './exact-json.js';
