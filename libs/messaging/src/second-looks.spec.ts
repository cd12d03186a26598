import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumeMessage } from 'amqplib';
import type { Incoming } from './queue-consumer.js';
import { SecondLooks } from './second-looks.js';

function incoming(name: string, log: string[] = []): Incoming & { lose(): void } {
  let isLost = false;
  return {
    queue: name,
    message: {} as ConsumeMessage,
    isLost: () => isLost,
    lose: () => (isLost = true),
    ack: () => undefined,
    leave: () => undefined,
    acksHeard: async () => void log.push(`${name} heard`),
  };
}

describe('messages that are looked at again', () => {
  it('run one at a time, each after the ack of the last was heard, and the others wait for them', async () => {
    const log: string[] = [];
    const looks = new SecondLooks({
      alone: async ({ queue }) => {
        log.push(`${queue} begins`);
        await delay(1);
        log.push(`${queue} ends`);
      },
      others: ({ queue }) => log.push(queue),
      random: () => 0,
    });
    looks.receive(incoming('before'), false);
    looks.receive(incoming('a', log), true);
    looks.receive(incoming('other'), false);
    looks.receive(incoming('b', log), true);
    await delay(200);
    expect(log.join(', ')).toBe('before, a begins, a ends, a heard, b begins, b ends, b heard, other');
    looks.receive(incoming('after'), false);
    expect(log.at(-1)).toBe('after');
  });

  it('run in an order that chance decides', async () => {
    const order: string[] = [];
    const looks = new SecondLooks({
      alone: async ({ queue }) => void order.push(queue),
      others: () => undefined,
      random: () => 0.99,
    });
    for (const name of ['a', 'b', 'c']) looks.receive(incoming(name), true);
    await delay(200);
    expect(order).toEqual(['c', 'b', 'a']);
  });

  it('are left to whoever gets them next once their channel is gone', async () => {
    const order: string[] = [];
    const all = ['a', 'b', 'c'].map((name) => incoming(name));
    const looks = new SecondLooks({
      alone: async ({ queue }) => {
        order.push(queue);
        for (const one of all) one.lose();
      },
      others: ({ queue }) => order.push(queue),
      random: () => 0,
    });
    looks.receive(all[0]!, true);
    looks.receive(all[1]!, true);
    looks.receive(all[2]!, false);
    await delay(200);
    expect(order).toEqual(['a']);
  });
});
