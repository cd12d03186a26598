export { run, type Runnable, runService } from './run.js';
