import { loadConfig } from '#libs/config';
import { topology } from '#libs/contracts';
import { Readiness } from '#libs/observability';
import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { AmqpClient } from './amqp-client.js';
import { AmqpServer } from './amqp-server.js';
import { Broker } from './broker.js';
import { showBroker } from './broker-metrics.js';
import { MessagingConfig } from './messaging.config.js';

/**
 * Gives an app its broker: the client to inject, the server for its handlers. Open before anything uses it: work that
 * is begun without it, such as rows that are locked to be published, is kept from those who could do it. Closed after
 * everything that uses it.
 */
@Global()
@Module({})
export class MessagingModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(Broker) private readonly broker: Broker,
    @Inject(AmqpServer) server: AmqpServer,
    readiness: Readiness,
  ) {
    readiness.add('rabbitmq', () => broker.isReady);
    readiness.add('queues', () => server.isReady);
    showBroker(broker, server);
  }

  static forApp(app: string): DynamicModule {
    return {
      module: MessagingModule,
      providers: [
        { provide: MessagingConfig, useFactory: () => loadConfig(MessagingConfig) },
        {
          provide: Broker,
          inject: [MessagingConfig],
          useFactory: (config: MessagingConfig) =>
            new Broker({
              app,
              urls: config.RABBITMQ_URL,
              startTimeoutMs: config.RABBITMQ_START_TIMEOUT_MS,
              topology,
            }),
        },
        { provide: AmqpClient, inject: [Broker], useFactory: (broker: Broker) => new AmqpClient(broker) },
        { provide: AmqpServer, inject: [Broker], useFactory: (broker: Broker) => new AmqpServer(broker) },
      ],
      exports: [AmqpClient, AmqpServer, Broker],
    };
  }

  async onModuleInit(): Promise<void> {
    await this.broker.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.broker.close();
  }
}
