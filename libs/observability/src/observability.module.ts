import { loadConfig } from '#libs/config';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { Log } from './log.js';
import { NestLog } from './nest-log.js';
import { ObservabilityConfig } from './observability.config.js';
import { Readiness } from './readiness.js';

@Global()
@Module({})
export class ObservabilityModule {
  static forApp(service: string): DynamicModule {
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
