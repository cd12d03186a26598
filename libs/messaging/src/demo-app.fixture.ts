import { exchange, type MessageType, type QueueDefinition, type QueueKind } from '#libs/contracts';
import { TcpProxy } from '#libs/testing';
import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Payload } from '@nestjs/microservices';
import { IsInt, IsString, Min } from 'class-validator';
import { AmqpClient } from './amqp-client.js';
import { AmqpServer } from './amqp-server.js';
import { Broker } from './broker.js';
import { OnMessage } from './handlers.js';
import { RethrowFilter } from './rethrow.filter.js';

/** The messages and the app that the integration specs of this library work with. */
export class Counted {
  static readonly type = 'demo.counted.v1';
  static readonly encoding = 'json';

  @IsInt() @Min(0) number: number;
}

export class Blob {
  static readonly type = 'demo.blob.v1';
  static readonly encoding = 'headers';

  @IsString() name: string;
  body: Buffer;
}

export class Square {
  static readonly type = 'demo.square-number.v1';
  static readonly encoding = 'json';
  declare readonly reply?: number;

  @IsInt() number: number;
}

export function counted(number: number): Counted {
  return Object.assign(new Counted(), { number });
}

export function queue(name: string, message: MessageType, kind: QueueKind = 'work'): QueueDefinition {
  return { name, kind, message, exchange, routingKey: message.type };
}

export const countQueue = queue('demo.count', Counted);
export const squareQueue = queue('demo.square-number', Square, 'request');

/** What `Count` was given, in this order. Each test begins with `seen.splice(0)`. */
export const seen: number[] = [];

@Controller()
export class Count {
  @OnMessage(Counted)
  count(@Payload() { number }: Counted): void {
    seen.push(number);
  }
}

export interface DemoApp {
  readonly broker: Broker;
  readonly server: AmqpServer;
  readonly client: AmqpClient;
  close(): Promise<void>;
}

export interface DemoOptions {
  readonly url: string;
  readonly topology: readonly QueueDefinition[];
  readonly controllers?: readonly Type[];
  readonly startTimeoutMs?: number;
  readonly drainDeadlineMs?: number;
}

/** A proxy before the broker, and the broker's address by way of it. */
export async function behindProxy(brokerUrl: string): Promise<{ proxy: TcpProxy; url: string }> {
  const url = new URL(brokerUrl);
  const proxy = await TcpProxy.start({ host: url.hostname, port: Number(url.port) });
  url.host = `127.0.0.1:${proxy.port}`;
  return { proxy, url: url.href };
}

/** A Nest microservice over the real broker, with the handlers given. */
export async function startDemoApp(options: DemoOptions): Promise<DemoApp> {
  const { url, topology, controllers = [], startTimeoutMs = 5000, drainDeadlineMs = 500 } = options;
  const broker = new Broker({ app: 'demo', urls: [url], startTimeoutMs, topology });
  const server = new AmqpServer(broker, drainDeadlineMs);

  @Module({ controllers: [...controllers] })
  class DemoModule {}

  const app = await NestFactory.createMicroservice(DemoModule, {
    strategy: server,
    logger: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new RethrowFilter());
  try {
    await app.listen();
  } catch (error) {
    await broker.close();
    throw error;
  }
  return {
    broker,
    server,
    client: new AmqpClient(broker),
    close: async () => {
      await app.close();
      await broker.close();
    },
  };
}
