import { setTimeout as delay } from 'node:timers/promises';
import { freshVhost, type FreshVhost, until } from '#libs/testing';
import {
  behindProxy,
  Count,
  counted,
  Counted,
  countQueue,
  type DemoApp,
  queue,
  seen,
  startDemoApp,
} from './demo-app.fixture.js';

let vhost: FreshVhost;
let app: DemoApp | undefined;

beforeEach(async () => {
  seen.splice(0);
  vhost = await freshVhost();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await vhost.drop();
});

describe('the queues of other services', () => {
  const whole = { topology: [countQueue, queue('other.count', Counted)], controllers: [Count] };

  it('are waited for before anything is published: half of those who hear a message are not enough', async () => {
    const starting = startDemoApp({ url: vhost.url, ...whole });
    await until('its own queue', () => vhost.hasQueue('demo.count'));
    for (const name of ['other.count', 'other.count.parked'])
      await vhost.declareQueue(name, { 'x-queue-type': 'quorum' });
    app = await starting;
    await app.client.confirm(counted(1));
    await until('the message', () => seen.includes(1));
  });

  it('that do not come stop the start after its deadline, with what is missing and what to do', async () => {
    await expect(startDemoApp({ url: vhost.url, ...whole, startTimeoutMs: 1000 })).rejects.toMatchObject({
      name: 'BrokerUnavailableError',
      message:
        'RabbitMQ did not let us publish in time. ' +
        'Nothing is published before other.count is there: start other, or provision RabbitMQ again.',
    });
  });
});

describe('whether a queue is empty', () => {
  const counting = { topology: [countQueue], controllers: [Count] };
  const oneWayMs = 50;

  it('can be asked of one that is gone, which is not called empty, and harms nothing', async () => {
    app = await startDemoApp({ url: vhost.url, ...counting });
    expect(await app.client.isEmpty('demo.count')).toBe(true);
    expect(await app.client.isEmpty('demo.nowhere')).toBe(false);
    await app.client.confirm(counted(1));
    await until('the message', () => seen.includes(1));
  });

  // A channel is opened, asked and closed: one round trip each.
  it.each([0.5, 1.5, 2.5])(
    'can be asked after a connection that was lost %d round trips into the question',
    async (trips) => {
      const { proxy: link, url } = await behindProxy(vhost.url);
      try {
        app = await startDemoApp({ url, ...counting });
        link.delay(oneWayMs);
        const asking = app.client.isEmpty('demo.count');
        await delay(trips * 2 * oneWayMs);
        link.resetAll();
        await asking;
        await link.heal();
        const { client } = app;
        await until('an answer', () => client.isEmpty('demo.count'));
      } finally {
        await app?.close();
        app = undefined;
        await link.stop();
      }
    },
  );
});
