import 'reflect-metadata';
import { checkConfigs } from '#libs/config';
import { AmqpServer, messageOf, MessagingConfig, RethrowFilter } from '#libs/messaging';
import { Log, NestLog, ObservabilityConfig, Readiness, startOperationsServer } from '#libs/observability';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { giveBackMemory } from './give-back-memory.js';
import { letHeapGrow } from './let-heap-grow.js';
import { type Door, stop } from './stop.js';

export interface Runnable {
  readonly app: INestApplicationContext;
  /** Begins to take work. */
  readonly listen: () => Promise<unknown>;
  readonly door?: Door;
}

type ConfigClass = new () => object;

/** Runs a service that speaks messages only. `configs`: what it reads of its own. */
export function runService(module: Type, configs: readonly ConfigClass[]): Promise<void> {
  return run(async () => {
    const app = await NestFactory.createMicroservice(module, {
      useFactory: (strategy: AmqpServer) => ({ strategy }),
      inject: [AmqpServer],
      bufferLogs: true,
      abortOnError: false,
    });
    app.useGlobalFilters(new RethrowFilter());
    return { app, listen: () => app.listen() };
  }, configs);
}

/** Starts, and stops on SIGTERM or SIGINT. A start that fails says why and exits with 1. */
export async function run(create: () => Promise<Runnable>, configs: readonly ConfigClass[]): Promise<void> {
  const signal = stopSignal();
  try {
    checkConfigs([MessagingConfig, ObservabilityConfig, ...configs]);
    const { app, listen, door } = await create();
    const { METRICS_PORT: port, METRICS_HOST: host } = app.get(ObservabilityConfig);
    const [log, readiness, messages] = [app.get(Log), app.get(Readiness), app.get(AmqpServer)];
    app.useLogger(app.get(NestLog));
    let isUp = false;
    whenAborted(signal, () => {
      readiness.withdraw('stopping');
      const close = (): Promise<void> => app.close();
      void stop({ log, messages, close, isUp, ...(door && { door }) }).then(() => process.exit(0));
    });
    await startOperationsServer({ port, host, readiness });
    letHeapGrow();
    giveBackMemory();
    await listen();
    isUp = true;
    log.info('service.started', { pid: process.pid });
  } catch (error) {
    // A start fails when what it needs is closed under it.
    if (signal.aborted) return;
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  }
}

/** Aborted on the first signal to stop; those that follow change nothing. */
function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => stopping.abort());
  return stopping.signal;
}

function whenAborted(signal: AbortSignal, begin: () => void): void {
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
}
