import { setTimeout as delay } from 'node:timers/promises';
import { freshVhost, type FreshVhost, until } from '#libs/testing';
import {
  behindProxy,
  Count,
  counted,
  countQueue,
  type DemoApp,
  seen,
  startDemoApp,
} from './demo-app.fixture.js';

const oneWayMs = 50;

let vhost: FreshVhost;
let app: DemoApp | undefined;

const start = (url: string) =>
  startDemoApp({ url, topology: [countQueue], controllers: [Count], startTimeoutMs: 5000 });

beforeEach(async () => {
  seen.splice(0);
  vhost = await freshVhost();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await vhost.drop();
});

describe('whether a queue is empty', () => {
  it('can be asked of one that is gone, which is not called empty, and harms nothing', async () => {
    app = await start(vhost.url);
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
        app = await start(url);
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
