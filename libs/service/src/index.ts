export { Health } from './health.js';
export { run, type Runnable, runService } from './run.js';
