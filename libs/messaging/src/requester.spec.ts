import { EventEmitter } from 'node:events';
import type { BrokerConnection } from './broker-connection.js';
import { Square } from './demo-app.fixture.js';
import type { Publisher } from './publisher.js';
import { Requester } from './requester.js';

/** A broker that declares every queue and delivers nothing. */
function silentConnection(): BrokerConnection {
  const done = (): Promise<object> => Promise.resolve({});
  const channel = Object.assign(new EventEmitter(), {
    assertQueue: done,
    bindQueue: done,
    prefetch: done,
    consume: () => Promise.resolve({ consumerTag: 'c' }),
  });
  const model = { createChannel: () => Promise.resolve(channel) };
  return Object.assign(new EventEmitter(), { model }) as unknown as BrokerConnection;
}

describe('the expiration of a request', () => {
  it.each([
    [5, 5],
    [4.2, 5],
    [1 / 3, 1],
    [20 - 0.1, 20],
  ])('with a deadline of %d ms is %d: whole milliseconds, rounded up', async (deadlineMs, expiration) => {
    const published: unknown[] = [];
    const publish = (message: unknown): Promise<void> => (published.push(message), Promise.resolve());
    const requester = new Requester('gateway', silentConnection(), { publish } as unknown as Publisher);
    await requester.opened;
    const request = Object.assign(new Square(), { number: 2 });
    await expect(requester.ask(request, deadlineMs)).rejects.toMatchObject({ code: 'unavailable' });
    expect(published).toMatchObject([{ options: { expiration } }]);
  });
});
