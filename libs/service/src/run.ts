import 'reflect-metadata';
import { AmqpServer, messageOf, RethrowFilter } from '#libs/messaging';
import { Log, NestLog, ObservabilityConfig, Readiness, startOperationsServer } from '#libs/observability';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const shutdownDeadlineMs = 30_000;

export interface Runnable {
  readonly app: INestApplicationContext;
  /** Begins to take work. */
  readonly listen: () => Promise<unknown>;
}

/** Runs a service that speaks messages only. */
export function runService(module: Type): Promise<void> {
  return run(async () => {
    const app = await NestFactory.createMicroservice(module, {
      useFactory: (strategy: AmqpServer) => ({ strategy }),
      inject: [AmqpServer],
      bufferLogs: true,
      abortOnError: false,
    });
    app.useGlobalFilters(new RethrowFilter());
    return { app, listen: () => app.listen() };
  });
}

/**
 * Starts, and stops on SIGTERM or SIGINT: unready first, then no more work, what is in hand to its end, everything
 * closed, exit 0. A start that fails says why and exits with 1.
 */
export async function run(create: () => Promise<Runnable>): Promise<void> {
  try {
    const { app, listen } = await create();
    const { METRICS_PORT: port, METRICS_HOST: host } = app.get(ObservabilityConfig);
    const log = app.get(Log);
    app.useLogger(app.get(NestLog));
    const readiness = app.get(Readiness);
    stopOnSignal(app, readiness);
    await startOperationsServer({ port, host, readiness });
    await listen();
    log.info('service.started', { pid: process.pid });
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
}

function stopOnSignal(app: INestApplicationContext, readiness: Readiness): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    readiness.add('not stopping', () => false);
    setTimeout(() => process.exit(1), shutdownDeadlineMs).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${messageOf(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
