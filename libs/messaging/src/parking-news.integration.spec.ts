import { create, MessageParked } from '#libs/contracts';
import { freshVhost, type FreshVhost, until } from '#libs/testing';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Blob, countQueue, type DemoApp, queue, startDemoApp } from './demo-app.fixture.js';
import { OnMessage } from './handlers.js';
import { park } from './outcome.js';

let vhost: FreshVhost;
let app: DemoApp | undefined;

beforeEach(async () => {
  vhost = await freshVhost();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await vhost.drop();
});

describe('the news of a parked message', () => {
  it('is told of: where, why and whose, without its body', async () => {
    const told: MessageParked[] = [];
    @Controller()
    class Refuse {
      @OnMessage(Blob)
      take() {
        return park('not today');
      }

      @OnMessage(MessageParked)
      hear(@Payload() parking: MessageParked): void {
        told.push(parking);
      }
    }
    const topology = [queue('demo.take-blob', Blob), queue('demo.hear', MessageParked)];
    app = await startDemoApp({ url: vhost.url, topology, controllers: [Refuse] });
    const { publisher } = app.broker;
    await publisher.publish(
      {
        exchange: countQueue.exchange,
        routingKey: Blob.type,
        body: Buffer.from('secret'),
        options: { headers: { name: 'x', tenantId: 'acme' } },
      },
      5000,
    );
    await until('the news', () => told.length === 1);
    const { at, ...rest } = told[0]!;
    expect(Date.now() - Date.parse(at)).toBeLessThan(10_000);
    expect(rest).toEqual({ queue: 'demo.take-blob', reason: 'not today', tenantId: 'acme' });
  });

  it('is not told of if it is itself the news of one', async () => {
    const told: string[] = [];
    @Controller()
    class Refuse {
      @OnMessage(MessageParked)
      hear(@Payload() { queue: name }: MessageParked): never {
        told.push(name);
        throw new Error('no news, please');
      }
    }
    const topology = [queue('demo.hear', MessageParked)];
    app = await startDemoApp({ url: vhost.url, topology, controllers: [Refuse] });
    const news = (name: string) =>
      create(MessageParked, { queue: name, reason: '', at: new Date().toISOString() });
    await app.client.confirm(news('a.b'));
    await until('the parked message', () => vhost.takeMessage('demo.hear.parked'));
    await app.client.confirm(news('c.d'));
    await until('the next one', () => vhost.takeMessage('demo.hear.parked'));
    expect(told).toEqual(['a.b', 'c.d']);
  });
});
