export { Log } from './log.js';
export { NestLog } from './nest-log.js';
export { ObservabilityConfig } from './observability.config.js';
export { ObservabilityModule } from './observability.module.js';
export { Readiness, type ReadinessReport } from './readiness.js';
export { startOperationsServer } from './operations-server.js';
