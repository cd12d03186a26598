import { freshVhost, type FreshVhost, type TcpProxy, until } from '#libs/testing';
import { ParkedMessage, queueExchange } from '#libs/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import {
  behindProxy,
  counted,
  Counted,
  countQueue,
  type DemoApp,
  queue,
  startDemoApp,
} from './demo-app.fixture.js';
import { OnBatch, OnMessage } from './handlers.js';
import { MessageContext } from './message-context.js';

const topology = [countQueue, queue('demo.collect-parked', ParkedMessage, 'collect')];
const { exchange, routingKey } = countQueue;

let vhost: FreshVhost;
let app: DemoApp | undefined;
let proxy: TcpProxy | undefined;
let parked: ParkedMessage[];
/** What the collecting handler does before it keeps a message. */
let beforeKept: (message: ParkedMessage) => void;

@Controller()
class Keep {
  @OnMessage(ParkedMessage)
  keep(@Payload() message: ParkedMessage): void {
    beforeKept(message);
    parked.push(message);
  }
}

beforeEach(async () => {
  vhost = await freshVhost();
  parked = [];
  beforeKept = () => undefined;
});

afterEach(async () => {
  await app?.close();
  await proxy?.stop();
  app = proxy = undefined;
  await vhost.drop();
});

describe('a parked message', () => {
  let seen: { number: number; routingKey: string }[];
  let isRefused: boolean;

  @Controller()
  class Count {
    @OnMessage(Counted)
    count(@Payload() { number }: Counted): void {
      if (isRefused) throw new Error('not to my taste');
      seen.push({ number, routingKey: '' });
    }
  }

  beforeEach(() => {
    seen = [];
    isRefused = true;
  });

  const start = async () =>
    (app = await startDemoApp({ url: vhost.url, topology, controllers: [Count, Keep] }));

  it('is collected with its reason, its origin, its properties and its body', async () => {
    const { broker } = await start();
    const properties = {
      messageId: 'its-own',
      correlationId: 'of-its-publisher',
      contentType: 'text/x-thing',
      timestamp: 1_700_000_000,
      priority: 3,
    };
    const headers = { text: 'ü\u0000', list: [1, true, null], bytes: Buffer.from([0, 255]) };
    const body = Buffer.from([0, 255, 128]);
    await broker.publisher.publish({ exchange, routingKey, body, options: { ...properties, headers } }, 5000);
    await until('it is collected', () => parked.length === 1);
    expect(parked[0]).toMatchObject({
      id: expect.stringMatching(/^prk_[0-9A-Z]{26}$/) as unknown,
      reason: 'not a demo.counted.v1: the body is not JSON',
      queue: 'demo.count',
      exchange,
      routingKey,
      properties: { ...properties, headers },
      body,
    });
    expect(Object.keys(parked[0]?.properties['headers'] as object).toSorted()).toEqual(
      Object.keys(headers).toSorted(),
    );
    expect(Date.now() - Date.parse(parked[0]?.parkedAt ?? '')).toBeLessThan(10_000);
  });

  it('goes nowhere else, whatever queues its publisher named in a CC header', async () => {
    const { broker } = await start();
    await vhost.declareQueue('elsewhere', { 'x-queue-type': 'classic' }, queueExchange);
    const options = { headers: { CC: ['elsewhere'], BCC: ['elsewhere'], kept: 1 } };
    const outgoing = { exchange, routingKey, body: Buffer.from('{}'), options };
    await broker.publisher.publish(outgoing, 5000);
    await until('it is collected', () => parked.length === 1);
    expect(parked[0]?.properties['headers']).toEqual({ kept: 1 });
    expect(await vhost.takeMessage('elsewhere')).toBeUndefined();
  });

  it('is what a message becomes that a CC header brought to a queue it was not published to', async () => {
    const { broker } = await start();
    isRefused = false;
    const options = { headers: { CC: [routingKey] } };
    const forged = { exchange, routingKey: 'demo.told.v1', body: Buffer.from('{"number":1}'), options };
    await broker.publisher.publish(forged, 5000);
    await until('it is collected', () => parked.length === 1);
    expect(parked[0]).toMatchObject({
      reason: 'it was published to posthorn as demo.told.v1, which is not for this queue',
      queue: 'demo.count',
      routingKey: 'demo.told.v1',
    });
    expect(seen).toEqual([]);
  });

  it('is the same one when its collector fails and gets it again', async () => {
    const ids: string[] = [];
    beforeKept = ({ id }) => {
      ids.push(id);
      if (ids.length === 2) app?.broker.consuming.drop();
      if (ids.length < 3) throw new Error('not now');
    };
    const { client } = await start();
    await client.confirm(counted(13));
    await until('it is collected', () => parked.length === 1);
    expect(ids).toEqual([ids[0], ids[0], ids[0]]);
  });

  it('comes to its handler as it did the first time when it is put back', async () => {
    const { client } = await start();
    await client.confirm(counted(13));
    await until('it is collected', () => parked.length === 1);
    isRefused = false;
    expect(await client.putBack(parked[0]!)).toBeUndefined();
    await until('it is handled', () => seen.length === 1);
    expect(seen[0]?.number).toBe(13);
  });

  it('is collected again after somebody has deleted the queue for it', async () => {
    const { client, server } = await start();
    await vhost.deleteQueue('demo.count.parked');
    await until('the loss to be noticed', () => !server.isReady);
    await until('the queue to be there again', () => server.isReady, 15_000);
    await client.confirm(counted(13));
    await until('it is collected', () => parked.length === 1);
  });

  it('whose queue is gone cannot be put back, and why is said', async () => {
    const { client } = await start();
    await client.confirm(counted(13));
    await until('it is collected', () => parked.length === 1);
    const reason = await client.putBack({ ...parked[0]!, queue: 'demo.gone' });
    expect(reason).toBe('no queue takes demo.gone');
  });

  it('that is put back and parked again is another one, with the same origin and no trace of the first time', async () => {
    const { client } = await start();
    await client.confirm(counted(13));
    await until('it is collected', () => parked.length === 1);
    expect(await client.putBack(parked[0]!)).toBeUndefined();
    await until('it is collected again', () => parked.length === 2);
    const [first, second] = parked;
    expect(second).toEqual({
      ...first,
      id: expect.any(String) as unknown,
      parkedAt: expect.any(String) as unknown,
    });
    expect(second?.id).not.toBe(first?.id);
  });
});

describe('messages that were in hand when their consumer died, until RabbitMQ gave them up', () => {
  it.each(['singly', 'in batches'])(
    'and are handled %s: all but the one it died of are handled, and only that is parked',
    async (how) => {
      const handled = new Set<number>();
      let deaths = 0;
      // Asked of the message itself: the connection is soon there again, and before its app is ours to look at.
      const died = (context: MessageContext) =>
        until('the message is lost', () => context.getArgByIndex(0)[0]?.isLost(), 50_000);
      const handle = async (numbers: number[], context: MessageContext): Promise<void> => {
        if (numbers.includes(3)) {
          deaths++;
          proxy?.resetAll();
          await died(context);
        } else for (const number of numbers) handled.add(number);
      };
      @Controller()
      class Singly {
        @OnMessage(Counted)
        async count(@Payload() { number }: Counted, @Ctx() context: MessageContext): Promise<void> {
          // Slower than the one that everything dies of, as long as that is beside it.
          if (number !== 3 && deaths < 21) await died(context);
          else await handle([number], context);
        }
      }
      @Controller()
      class InBatches {
        @OnBatch(Counted, { batchSize: 10 })
        count(@Payload() messages: Counted[], @Ctx() context: MessageContext): Promise<void> {
          return handle(
            messages.map(({ number }) => number),
            context,
          );
        }
      }
      const way = await behindProxy(vhost.url);
      proxy = way.proxy;
      const controllers = [how === 'singly' ? Singly : InBatches, Keep];
      const before = await startDemoApp({ url: vhost.url, topology, controllers: [Nothing, Keep] });
      await before.server.close();
      await before.client.confirmAll([1, 2, 3, 4, 5].map(counted));
      await before.close();
      app = await startDemoApp({ url: way.url, topology, controllers });
      await until('the poison is parked', () => parked.length > 0, 50_000);
      await until('the others are handled', () => handled.size === 4);
      expect(parked.map(({ body }) => body.toString())).toEqual(['{"number":3}']);
      expect(parked[0]).toMatchObject({
        reason: 'its consumer died with it 42 times, 21 of them while it was handled alone',
        queue: 'demo.count',
        exchange,
        routingKey,
      });
      expect(deaths).toBe(42);
    },
    60_000,
  );
});

@Controller()
class Nothing {
  @OnMessage(Counted)
  count(): Promise<void> {
    return new Promise(() => undefined);
  }
}
