import { freshVhost, type FreshVhost, until } from '#libs/testing';
import { Controller } from '@nestjs/common';
import { Count, counted, Counted, countQueue, type DemoApp, seen, startDemoApp } from './demo-app.fixture.js';
import { OnMessage } from './handlers.js';

let vhost: FreshVhost;
let apps: DemoApp[];

const start = async (controller: new () => object = Count): Promise<DemoApp> => {
  const app = await startDemoApp({
    url: vhost.url,
    topology: [countQueue],
    controllers: [controller],
    drainDeadlineMs: 10_000,
  });
  apps.push(app);
  return app;
};

beforeEach(async () => {
  apps = [];
  seen.splice(0);
  vhost = await freshVhost();
});

afterEach(async () => {
  for (const app of apps) await app.close();
  await vhost.drop();
});

describe('an app that stops', () => {
  it('gives up at once what it only waits for, and another app does it', async () => {
    let tries = 0;
    @Controller()
    class Waits {
      @OnMessage(Counted)
      count(): void {
        tries++;
        throw Object.assign(new Error('the database is away'), { transient: true });
      }
    }
    const app = await start(Waits);
    await app.client.confirm(counted(1));
    await until('a try', () => tries > 0);
    const startedAtMs = performance.now();
    await app.close();
    expect(performance.now() - startedAtMs).toBeLessThan(3000);
    await start();
    await until('the message', () => seen.length > 0);
    expect(seen).toEqual([1]);
  });

  it('names the queues of what is still in hand at the deadline', async () => {
    const gate = Promise.withResolvers<void>();
    @Controller()
    class Hangs {
      @OnMessage(Counted)
      async count(): Promise<void> {
        await gate.promise;
      }
    }
    const app = await start(Hangs);
    await app.client.confirm(counted(1));
    await until('it to be in hand', () => app.server.inHand.length > 0);
    await app.server.close(300);
    expect(app.server.inHand).toEqual(['demo.count']);
    gate.resolve();
    await until('nothing to be in hand', () => app.server.inHand.length === 0);
  });

  it('loses nothing and does nothing twice when apps follow one another under load', async () => {
    await start();
    const stays = apps[0]!;
    let publishing = true;
    let published = 0;
    const load = (async () => {
      while (publishing)
        await stays.client.confirmAll(Array.from({ length: 20 }, () => counted(published++)));
    })();
    for (let round = 0; round < 10; round++) {
      const other = await start();
      await other.close();
      apps.pop();
    }
    publishing = false;
    await load;
    await until('all messages', () => seen.length >= published);
    expect(seen.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: published }, (_, n) => n),
    );
  });
});
