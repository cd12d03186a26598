import { freshVhost, type FreshVhost, type TcpProxy, until } from '#libs/testing';
import { ParkedMessage } from '#libs/contracts';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { IsInt } from 'class-validator';
import { behindProxy, type DemoApp, queue, startDemoApp } from './demo-app.fixture.js';
import { OnBatch, OnMessage } from './handlers.js';
import { MessageContext } from './message-context.js';
import { type Outcome, park } from './outcome.js';

class Tallied {
  static readonly type = 'demo.tallied.v1';
  static readonly encoding = 'json';
  static readonly bundleEveryMs = 0;

  @IsInt() number: number;
}

const tallied = (number: number): Tallied => Object.assign(new Tallied(), { number });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
const topology = [queue('demo.tally', Tallied), queue('demo.collect-parked', ParkedMessage, 'collect')];

let vhost: FreshVhost;
let app: DemoApp | undefined;
let proxy: TcpProxy | undefined;
let handled: number[];
let parked: ParkedMessage[];

@Controller()
class Keep {
  @OnMessage(ParkedMessage)
  keep(@Payload() message: ParkedMessage): void {
    parked.push(message);
  }
}

@Controller()
class Tally {
  @OnBatch(Tallied, { batchSize: 30 })
  tally(@Payload() messages: Tallied[]): Outcome[] {
    handled.push(...messages.map(({ number }) => number));
    return messages.map(({ number }) => (number === 13 ? park('unlucky') : undefined));
  }
}

beforeEach(async () => {
  vhost = await freshVhost();
  handled = [];
  parked = [];
});

afterEach(async () => {
  await app?.close();
  await proxy?.stop();
  app = proxy = undefined;
  await vhost.drop();
});

const start = async (controller: Type, url = vhost.url): Promise<DemoApp> =>
  (app = await startDemoApp({ url, topology, controllers: [controller, Keep] }));

/** @returns how many messages of RabbitMQ they are. */
async function publish(numbers: readonly number[]): Promise<number> {
  const before = await start(Tally);
  await before.server.close();
  await before.client.confirmAll(numbers.map(tallied));
  const ready = await before.broker.readyMessages();
  await before.close();
  return ready.reduce((sum, [, count]) => sum + count, 0);
}

const bodies = (): string[] => parked.map(({ body }) => body.toString());

describe('messages that are published together', () => {
  it('are few to RabbitMQ, and to their handler what they would be alone', async () => {
    expect(await publish(upTo(500))).toBe(10);
    const { broker } = await start(Tally);
    await until('all of them', () => handled.length === 500);
    expect(handled).toEqual(upTo(500));
    await until('13 is parked', () => parked.length === 1);
    expect(bodies()).toEqual(['{"number":13}']);
    expect(parked[0]).toMatchObject({ queue: 'demo.tally', routingKey: Tallied.type, reason: 'unlucky' });
    expect(parked[0]?.properties).not.toHaveProperty('contentEncoding');
    await app?.close();
    expect(broker.isReady).toBe(false);
    await start(Tally);
    expect(await app?.broker.readyMessages()).toEqual([['demo.tally', 0]]);
    expect(handled).toHaveLength(500);
  });

  it('come again together when their consumer is gone before all of them are done', async () => {
    @Controller()
    class OneByOne {
      @OnMessage(Tallied, { concurrency: 1 })
      async tally(@Payload() { number }: Tallied): Promise<void> {
        handled.push(number);
        if (handled.length === 3) await new Promise(() => undefined);
      }
    }
    await publish(upTo(4));
    const { broker } = await start(OneByOne);
    await until('the third', () => handled.length >= 3);
    broker.consuming.drop();
    await until('all of them again', () => handled.length >= 8);
    expect(new Set(handled.slice(-4))).toEqual(new Set(upTo(4)));
  });

  it('of which one kills its consumer are handled, and only that one is parked', async () => {
    @Controller()
    class Mortal {
      @OnBatch(Tallied, { batchSize: 10 })
      async tally(@Payload() messages: Tallied[], @Ctx() context: MessageContext): Promise<void> {
        const numbers = messages.map(({ number }) => number);
        if (!numbers.includes(3)) return void handled.push(...numbers);
        proxy?.resetAll();
        await until('the message is lost', () => context.getArgByIndex(0)[0]?.isLost(), 50_000);
      }
    }
    expect(await publish(upTo(5))).toBe(1);
    const way = await behindProxy(vhost.url);
    proxy = way.proxy;
    await start(Mortal, way.url);
    await until('the poison is parked', () => parked.length > 0, 50_000);
    await until('the others are handled', () => handled.length === 4);
    expect(new Set(handled)).toEqual(new Set([0, 1, 2, 4]));
    expect(bodies()).toEqual(['{"number":3}']);
    expect(parked[0]?.reason).toContain('21 of them while it was handled alone');
  }, 60_000);
});
