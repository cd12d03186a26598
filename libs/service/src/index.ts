export { run, runService } from './run.js';
export type { Door } from './stop.js';
