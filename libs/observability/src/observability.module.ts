import { loadConfig } from '#libs/config';
import { version } from '#libs/contracts';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Log } from './log.js';
import { keepProcessMetrics } from './metrics/process-metrics.js';
import { NestLog } from './nest-log.js';
import { ObservabilityConfig } from './observability.config.js';
import { Readiness } from './readiness.js';

@Global()
@Module({})
export class ObservabilityModule {
  static forApp(service: string): DynamicModule {
    keepProcessMetrics(service, version);
    return {
      module: ObservabilityModule,
      providers: [
        { provide: ObservabilityConfig, useFactory: () => loadConfig(ObservabilityConfig) },
        {
          provide: Log,
          inject: [ObservabilityConfig],
          useFactory: ({ LOG_LEVEL, LOG_FORMAT }: ObservabilityConfig) =>
            new Log({ service, level: LOG_LEVEL, format: LOG_FORMAT }),
        },
        Readiness,
        { provide: NestLog, inject: [Log], useFactory: (log: Log) => new NestLog(log) },
      ],
      exports: [Readiness, Log, NestLog, ObservabilityConfig],
    };
  }
}
