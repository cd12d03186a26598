export { run, runService } from './run.js';
