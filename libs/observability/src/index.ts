export { Log } from './log.js';
export { NestLog } from './nest-log.js';
export { ObservabilityConfig } from './observability.config.js';
export { ObservabilityModule } from './observability.module.js';
export { startOperationsServer } from './operations-server.js';
