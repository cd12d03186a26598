export { Log } from './log.js';
export { NestLog } from './nest-log.js';
export { ObservabilityConfig } from './observability.config.js';
export { ObservabilityModule } from './observability.module.js';
export { Readiness, type ReadinessReport } from './readiness.js';
export { startOperationsServer } from './operations-server.js';
export { latencyBuckets, workBuckets } from './metrics/buckets.js';
export { counter, gauge, histogram } from './metrics/instruments.js';
export { Readings } from './metrics/readings.js';
