import { loadConfig } from '#libs/config';
import { version } from '#libs/contracts';
import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Log } from './log.js';
import { keepProcessMetrics } from './metrics/process-metrics.js';
import { NestLog } from './nest-log.js';
import { ObservabilityConfig } from './observability.config.js';
import { Readiness } from './readiness.js';
import { startTracing, stopTracing } from './tracing/start-tracing.js';

const tracingStarted = Symbol('tracingStarted');

@Global()
@Module({})
export class ObservabilityModule implements OnApplicationShutdown {
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
        {
          provide: tracingStarted,
          inject: [ObservabilityConfig, Log],
          useFactory: (config: ObservabilityConfig, log: Log) => startTracing(service, config, log),
        },
      ],
      exports: [Readiness, Log, NestLog, ObservabilityConfig],
    };
  }

  /** Late, so that the end of the work is still traced. */
  async onApplicationShutdown(): Promise<void> {
    await stopTracing();
  }
}
