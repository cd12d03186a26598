import { Problem } from '#libs/contracts';
import { freshVhost, type FreshVhost, until } from '#libs/testing';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { type DemoApp, Square, squareQueue, startDemoApp } from './demo-app.fixture.js';

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

describe('request and reply', () => {
  @Controller()
  class Squares {
    @MessagePattern(Square.type)
    async square(@Payload() { number }: Square): Promise<number> {
      if (number === 13) throw new Problem('not_found', 'There is no such number.');
      if (number === 14) throw new Error('a detail of ours');
      if (number === 15) await new Promise(() => undefined);
      return number * number;
    }
  }
  const ask = (number: number, deadlineMs?: number) =>
    app?.client.ask(Object.assign(new Square(), { number }), deadlineMs);

  beforeEach(async () => {
    app = await startDemoApp({ url: vhost.url, topology: [squareQueue], controllers: [Squares] });
  });

  it('gives the answer', async () => {
    await expect(Promise.all([ask(2), ask(3), ask(4)])).resolves.toEqual([4, 9, 16]);
  });

  it('gives the problem that the other side answered', async () => {
    await expect(ask(13)).rejects.toMatchObject({ code: 'not_found', detail: 'There is no such number.' });
  });

  it('tells nothing of an error that was not meant for the asker', async () => {
    await expect(ask(14)).rejects.toMatchObject({
      code: 'internal_error',
      detail: expect.not.stringContaining('ours'),
    });
  });

  it('names the fields of a request that is not valid', async () => {
    await expect(ask(1.5)).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path: 'number' }] });
  });

  it('ends at its deadline when nobody answers', async () => {
    const startedMs = Date.now();
    await expect(ask(15, 300)).rejects.toMatchObject({ code: 'unavailable' });
    expect(Date.now() - startedMs).toBeLessThan(2000);
  });

  it('fails at once when the connection goes, and works again when it is back', async () => {
    const asking = ask(15, 30_000);
    const failed = expect(asking).rejects.toMatchObject({ code: 'unavailable' });
    app?.broker.consuming.drop();
    await failed;
    await until('the broker', () => app?.broker.isReady);
    await expect(ask(5)).resolves.toBe(25);
  });
});
