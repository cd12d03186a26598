import { setTimeout } from 'node:timers/promises';
import { freshVhost, type FreshVhost, until } from '#libs/testing';
import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { Blob, counted, Counted, countQueue, type DemoApp, queue, startDemoApp } from './demo-app.fixture.js';
import { OnBatch, OnMessage } from './handlers.js';
import { park } from './outcome.js';
import { parkedHeader } from './parked-copy.js';

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

const parked = () => until('a parked message', () => vhost.takeMessage('demo.count.parked'));

describe('a handler', () => {
  it('is a plain @EventPattern method and gets its message as its class', async () => {
    const seen: Counted[] = [];
    @Controller()
    class Count {
      @EventPattern(Counted.type)
      count(@Payload() message: Counted): void {
        seen.push(message);
      }
    }
    app = await startDemoApp({ url: vhost.url, topology: [countQueue], controllers: [Count] });
    await app.client.confirm(counted(7));
    await until('the message', () => seen.length === 1);
    expect(seen[0]).toBeInstanceOf(Counted);
    expect(seen[0]).toEqual({ number: 7 });
  });

  it('gets opaque bytes as they were published, with the fields that travelled as headers', async () => {
    const seen: Blob[] = [];
    @Controller()
    class Take {
      @OnMessage(Blob)
      take(@Payload() message: Blob): void {
        seen.push(message);
      }
    }
    const topology = [queue('demo.take-blob', Blob)];
    app = await startDemoApp({ url: vhost.url, topology, controllers: [Take] });
    const body = Buffer.from([0, 255, 128, 10]);
    await app.client.confirm(Object.assign(new Blob(), { name: 'ü', body }));
    await until('the message', () => seen.length === 1);
    expect(seen[0]).toMatchObject({ name: 'ü', body });
  });

  it('that dies before it is done gets the message again', async () => {
    const seen: number[] = [];
    const hang = new Promise<void>(() => undefined);
    @Controller()
    class Count {
      @OnMessage(Counted)
      async count(@Payload() { number }: Counted): Promise<void> {
        seen.push(number);
        if (seen.length === 1) await hang;
      }
    }
    app = await startDemoApp({ url: vhost.url, topology: [countQueue], controllers: [Count] });
    await app.client.confirm(counted(1));
    await until('the first delivery', () => seen.length === 1);
    app.broker.consuming.drop();
    await until('the second delivery', () => seen.length === 2);
    expect(seen).toEqual([1, 1]);
  });

  it('of batches gets what gathered while it was busy as one array', async () => {
    const batches: number[][] = [];
    const gate = Promise.withResolvers<void>();
    @Controller()
    class Count {
      @OnBatch(Counted, { batchSize: 50 })
      async count(@Payload() messages: Counted[]): Promise<void> {
        batches.push(messages.map(({ number }) => number));
        if (batches.length === 1) await gate.promise;
      }
    }
    app = await startDemoApp({ url: vhost.url, topology: [countQueue], controllers: [Count] });
    await app.client.confirm(counted(0));
    await until('the first batch', () => batches.length === 1);
    await app.client.confirmAll(Array.from({ length: 49 }, (_, index) => counted(index + 1)));
    gate.resolve();
    await until('all', () => batches.flat().length === 50);
    expect(batches.length).toBeLessThan(10);
    expect(batches.flat()).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});

describe('a queue that comes after another', () => {
  it('is consumed once the other has run empty', async () => {
    const seen: string[] = [];
    @Controller()
    class Both {
      @OnMessage(Blob)
      async takeBlob(@Payload() { name }: Blob): Promise<void> {
        await setTimeout(20);
        seen.push(name);
      }

      @OnMessage(Counted)
      count(): void {
        seen.push('counted');
      }
    }
    const topology = [{ ...countQueue, after: 'demo.take-blob' }, queue('demo.take-blob', Blob)];
    const start = () => startDemoApp({ url: vhost.url, topology, controllers: [Both] });
    const before = await start();
    await before.server.close();
    await before.client.confirm(counted(1));
    const blobs = Array.from({ length: 30 }, (_, number) => `blob ${number}`);
    await before.client.confirmAll(
      blobs.map((name) => Object.assign(new Blob(), { name, body: Buffer.alloc(0) })),
    );
    await before.close();
    app = await start();
    await until('all of them', () => seen.length === 31);
    expect(seen.slice(0, 30).toSorted()).toEqual(blobs.toSorted());
    expect(seen[30]).toBe('counted');
  });
});

describe('a message that cannot be processed', () => {
  it.each([
    ['is not JSON', Buffer.from('{'), 'the body is not JSON'],
    ['is empty', Buffer.alloc(0), 'the body is not JSON'],
    ['is null', Buffer.from('null'), 'the body is not a JSON object'],
    ['fails validation', Buffer.from('{"number":-1}'), 'number must not be less than 0'],
  ])('because it %s is parked with its reason, and its neighbours go on', async (_, body, reason) => {
    const seen: number[] = [];
    @Controller()
    class Count {
      @OnBatch(Counted, { batchSize: 10 })
      count(@Payload() messages: Counted[]): void {
        seen.push(...messages.map(({ number }) => number));
      }
    }
    app = await startDemoApp({ url: vhost.url, topology: [countQueue], controllers: [Count] });
    const { publisher } = app.broker;
    const { exchange, routingKey } = countQueue;
    await Promise.all([
      app.client.confirm(counted(1)),
      publisher.publish({ exchange, routingKey, body, options: { headers: { mine: 'kept' } } }, 5000),
      app.client.confirm(counted(2)),
    ]);
    await until('the neighbours', () => seen.length === 2);
    const { payload, properties } = await parked();
    expect(payload).toBe(body.toString());
    expect(properties.headers).toMatchObject({
      mine: 'kept',
      [parkedHeader.reason]: expect.stringContaining(reason),
      [parkedHeader.queue]: 'demo.count',
      [parkedHeader.routingKey]: routingKey,
    });
  });

  it('because its handler throws is parked alone, also out of a batch', async () => {
    const seen = new Set<number>();
    @Controller()
    class Count {
      @OnBatch(Counted, { batchSize: 10 })
      count(@Payload() messages: Counted[]): void {
        if (messages.some(({ number }) => number === 3)) throw new Error('three is not to my taste');
        for (const { number } of messages) seen.add(number);
      }
    }
    app = await startDemoApp({ url: vhost.url, topology: [countQueue], controllers: [Count] });
    await app.client.confirmAll([1, 2, 3, 4, 5].map(counted));
    await until('the neighbours', () => seen.size === 4);
    const { payload, properties } = await parked();
    expect(payload).toBe('{"number":3}');
    expect(properties.headers?.[parkedHeader.reason]).toBe('three is not to my taste');
  });

  it('because its handler says so is parked with that reason', async () => {
    @Controller()
    class Count {
      @OnMessage(Counted)
      count() {
        return park('not today');
      }
    }
    app = await startDemoApp({ url: vhost.url, topology: [countQueue], controllers: [Count] });
    await app.client.confirm(counted(1));
    expect((await parked()).properties.headers?.[parkedHeader.reason]).toBe('not today');
  });

  it('because its handler hangs is parked after the handler’s deadline', async () => {
    @Controller()
    class Count {
      @OnMessage(Counted, { timeoutMs: 100 })
      count(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    app = await startDemoApp({ url: vhost.url, topology: [countQueue], controllers: [Count] });
    await app.client.confirm(counted(1));
    expect((await parked()).properties.headers?.[parkedHeader.reason]).toMatch(/did not finish within 0.1 s/);
  });

  it('for a cause that passes is tried again in place, and not parked', async () => {
    let tries = 0;
    @Controller()
    class Count {
      @OnMessage(Counted)
      count(): void {
        if (++tries < 4) throw Object.assign(new Error('away'), { transient: true });
      }
    }
    app = await startDemoApp({ url: vhost.url, topology: [countQueue], controllers: [Count] });
    await app.client.confirm(counted(1));
    await until('the fourth try', () => tries === 4);
    expect(await vhost.takeMessage('demo.count.parked')).toBeUndefined();
  });
});
