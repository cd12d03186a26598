import { freshVhost, type FreshVhost, until } from '#libs/testing';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import {
  behindProxy,
  Count,
  counted,
  Counted,
  countQueue,
  type DemoApp,
  queue,
  seen,
  Square,
  squareQueue,
  startDemoApp,
} from './demo-app.fixture.js';
import { OnMessage, OnRequest } from './handlers.js';

let vhost: FreshVhost;
let app: DemoApp | undefined;

@Controller()
class AnswerSquare {
  @OnRequest(Square)
  square({ number }: Square): number {
    return number ** 2;
  }
}

const start = (controllers = [Count], startTimeoutMs = 5000) =>
  startDemoApp({ url: vhost.url, topology: [countQueue], controllers, startTimeoutMs });

beforeEach(async () => {
  seen.splice(0);
  vhost = await freshVhost();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await vhost.drop();
});

describe('when connections are cut at the start', () => {
  it('declares its queues once they hold, and starts', async () => {
    const { proxy: link, url } = await behindProxy(vhost.url);
    const others = Array.from({ length: 30 }, (_, number) => queue(`demo.count-${number}`, Counted));
    link.delay(5);
    try {
      const starting = startDemoApp({
        url,
        topology: [...others, countQueue],
        controllers: [Count],
        startTimeoutMs: 10_000,
      });
      await until('the first queue', () => vhost.hasQueue('demo.count-0'));
      expect(await vhost.hasQueue('demo.count')).toBe(false);
      link.resetAll();
      app = await starting;
      await app.client.confirm(counted(1));
      await until('the message', () => seen.includes(1));
    } finally {
      await app?.close();
      app = undefined;
      await link.stop();
    }
  });
});

describe('when connections are cut under load', () => {
  it('every confirmed message is handled, and the app goes on by itself', async () => {
    app = await start();
    const { client } = app;
    const confirmed: number[] = [];
    let published = 0;
    let cutting = true;
    const load = Array.from({ length: 20 }, async () => {
      while (cutting) {
        const number = published++;
        await client.confirm(counted(number)).then(
          () => confirmed.push(number),
          () => undefined,
        );
      }
    });
    try {
      for (let cut = 0; cut < 2; cut++) {
        const before = confirmed.length;
        expect(await vhost.closeConnections()).toBeGreaterThan(0);
        await until('messages after the cut', () => confirmed.length > before + 500);
      }
    } finally {
      cutting = false;
    }
    await Promise.all(load);
    await until('every confirmed message', () => {
      const handled = new Set(seen);
      return confirmed.every((number) => handled.has(number));
    });
    // Replies have a queue of their own, which may be made anew after all that was confirmed is handled.
    const { broker, server } = app;
    await until('the app to be ready', () => broker.isReady && server.isReady);
    expect(broker.isReady && server.isReady).toBe(true);
  });
});

describe('a publish', () => {
  it('that no queue takes is an error', async () => {
    app = await start();
    const unheard = Object.assign(new Square(), { number: 1 });
    await expect(app.client.confirm(unheard)).rejects.toMatchObject({
      name: 'UnroutableError',
      message: expect.stringContaining('demo.square-number.v1'),
    });
  });

  it('of which several at once cannot be routed fails for each of them, and for no other', async () => {
    app = await start();
    const { client } = app;
    const results = await Promise.allSettled(
      Array.from({ length: 100 }, (_, number) =>
        client.confirm(number % 2 === 0 ? counted(number) : Object.assign(new Square(), { number })),
      ),
    );
    expect(results.map(({ status }) => status)).toEqual(
      Array.from({ length: 100 }, (_, number) => (number % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
  });

  it('with headers that AMQP cannot carry fails alone', async () => {
    app = await start();
    const { publisher } = app.broker;
    const { exchange, routingKey } = countQueue;
    const headers = { large: 'x'.repeat(100_000) };
    const failing = publisher.publish(
      { exchange, routingKey, body: Buffer.from('{}'), options: { headers } },
      5000,
    );
    await expect(failing).rejects.toThrow();
    await expect(app.client.confirm(counted(1))).resolves.toBeUndefined();
  });
});

describe('a queue', () => {
  it('deleted behind our back is declared and consumed again', async () => {
    app = await start();
    await vhost.deleteQueue('demo.count');
    const { client, server } = app;
    await until('the queue', () =>
      client.confirm(counted(1), 1000).then(
        () => server.isReady && seen.length > 0,
        () => false,
      ),
    );
  });

  it('that exists with other arguments stops the start, naming it and what to do', async () => {
    await vhost.declareQueue('demo.count', { 'x-queue-type': 'classic' });
    await expect(start()).rejects.toMatchObject({
      name: 'TopologyMismatchError',
      message: expect.stringMatching(/"demo.count" exists in RabbitMQ with other arguments.*delete it/s),
    });
  });

  it('that cannot be consumed stops the start after its deadline, naming it', async () => {
    await vhost.forbidReading('demo.square-number');
    const options = { topology: [squareQueue], controllers: [AnswerSquare], startTimeoutMs: 1000 };
    await expect(startDemoApp({ url: vhost.url, ...options })).rejects.toMatchObject({
      name: 'BrokerUnavailableError',
      message: 'RabbitMQ did not let us consume from demo.square-number in time.',
    });
  });

  it('without a handler, or a handler without a queue, stops the start, naming it', async () => {
    await expect(start([])).rejects.toThrow(/No handler for demo.count/);
    const topology = [queue('demo.square-number', Square, 'request')];
    await expect(startDemoApp({ url: vhost.url, topology, controllers: [Count] })).rejects.toThrow(
      /No queue of demo takes demo.counted.v1/,
    );
  });
});

describe('a start', () => {
  it.each([
    ['a wrong password', (url: URL) => (url.password = 'wrong')],
    ['a virtual host that does not exist', (url: URL) => (url.pathname = '/nowhere')],
  ])('with %s fails at once, saying why', async (_, spoil) => {
    const url = new URL(vhost.url);
    spoil(url);
    const startedMs = Date.now();
    await expect(
      startDemoApp({
        url: url.toString(),
        topology: [countQueue],
        controllers: [Count],
        startTimeoutMs: 30_000,
      }),
    ).rejects.toMatchObject({
      name: 'BrokerRefusedError',
      message: expect.stringContaining('RabbitMQ refused us'),
    });
    expect(Date.now() - startedMs).toBeLessThan(5000);
  });

  it('without a broker fails after its deadline, saying what it waited for', async () => {
    await expect(
      startDemoApp({
        url: 'amqp://127.0.0.1:1',
        topology: [countQueue],
        controllers: [Count],
        startTimeoutMs: 500,
      }),
    ).rejects.toMatchObject({
      name: 'BrokerUnavailableError',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('a shutdown', () => {
  it('finishes what is in hand, and leaves the rest to others', async () => {
    const begun: number[] = [];
    const done: number[] = [];
    const gate = Promise.withResolvers<void>();
    @Controller()
    class Slow {
      @OnMessage(Counted, { concurrency: 2 })
      async count(@Payload() { number }: Counted): Promise<void> {
        begun.push(number);
        await gate.promise;
        done.push(number);
      }
    }
    app = await start([Slow]);
    await app.client.confirmAll([1, 2, 3, 4].map(counted));
    await until('two in hand', () => begun.length === 2);
    const closing = app.close();
    app = undefined;
    gate.resolve();
    await closing;
    expect(done).toEqual([1, 2]);
    app = await start();
    await until('the rest', () => seen.length === 2);
    expect(seen).toEqual([3, 4]);
  });
});
