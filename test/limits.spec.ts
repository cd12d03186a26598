import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePorts } from '#libs/servers';
import { behave, RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { echoingRequests } from './http/echoing-requests.js';

const masterKey = randomBytes(32).toString('base64');

interface Limits {
  readonly maxConcurrency?: number;
  readonly ratePerSecond?: number;
  readonly timeoutMs?: number;
}

describe('the limits of a destination', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('limits', {
      POSTHORN_MASTER_KEY: masterKey,
      // What hangs is tried once and then left alone.
      RETRY_SCHEDULE: '10m',
    });
    for (const tenant of ['t', 'flooding']) await posthorn.call('PUT', `/tenants/${tenant}`, {});
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const subscribe = async (path: string, type: string, limits: Limits, tenant = 't'): Promise<void> => {
    await posthorn.subscribe(tenant, { url: receiver.url(path), eventTypes: [type], ...limits });
  };

  const publish = async (type: string, count: number, tenant = 't'): Promise<void> => {
    const answers = await Promise.all(
      Array.from({ length: count }, () =>
        posthorn.call('POST', `/tenants/${tenant}/events`, { type, data: 1 }),
      ),
    );
    expect(answers.every(({ status }) => status === 202)).toBe(true);
  };

  /** An endpoint that takes its time. @returns how many requests it had at once, at most since this was asked last. */
  const takingMs = (path: string, ms: number): (() => number) => {
    let present = 0;
    let most = 0;
    receiver.answer(path, (response) => {
      most = Math.max(most, ++present);
      setTimeout(() => {
        present--;
        response.end();
      }, ms);
    });
    return () => {
      const said = most;
      most = present;
      return said;
    };
  };

  const idsAt = (path: string): Set<unknown> =>
    new Set(receiver.requests(path).map(({ headers }) => headers['webhook-id']));

  const mostWithin = (path: string, windowMs: number): number => {
    const times = receiver.requests(path).map(({ arrivedAt }) => arrivedAt.getTime());
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
  };

  it('let no more attempts be under way at once than it allows, and everything arrives', async () => {
    const mostAtOnce = takingMs('/two-at-once', 200);
    await subscribe('/two-at-once', 'two.thing', { maxConcurrency: 2 });
    await publish('two.thing', 60);
    await receiver.received('/two-at-once', 60, 90_000);
    expect(mostAtOnce()).toBe(2);
    expect(idsAt('/two-at-once').size).toBe(60);
  }, 120_000);

  it('let no more attempts begin in a while than its rate allows, and everything arrives', async () => {
    await subscribe('/ten-a-second', 'ten.thing', { ratePerSecond: 10, maxConcurrency: 100 });
    await publish('ten.thing', 150);
    await receiver.received('/ten-a-second', 150, 90_000);
    expect(mostWithin('/ten-a-second', 10_000)).toBeLessThanOrEqual(120);
    expect(idsAt('/ten-a-second').size).toBe(150);
  }, 120_000);

  it('let its neighbours have their events promptly while it hangs', async () => {
    receiver.answer('/hangs', behave.hang());
    const neighbours = Array.from({ length: 10 }, (_, index) => `/neighbour/${index}`);
    for (const path of neighbours) await subscribe(path, 'quiet.thing', {});
    for (let index = 0; index < 20; index++)
      await subscribe('/hangs', 'loud.thing', { maxConcurrency: 1000, timeoutMs: 30_000 }, 'flooding');

    let published = 0;
    const waitsMs = async (): Promise<number[]> => {
      const waits: number[] = [];
      for (let round = 0; round < 10; round++) {
        const publishedAt = Date.now();
        await publish('quiet.thing', 1);
        published++;
        for (const path of neighbours) {
          // Whoever waits for one that hangs waits for longer than this.
          const requests = await receiver.received(path, published, 10_000);
          waits.push(requests[published - 1]!.arrivedAt.getTime() - publishedAt);
        }
      }
      return waits.toSorted((a, b) => a - b);
    };
    const quiet = await waitsMs();
    await publish('loud.thing', 40, 'flooding');
    await receiver.received('/hangs', 50, 20_000);
    const flooded = await waitsMs();

    const median = (waits: readonly number[]): number => waits[Math.floor(waits.length / 2)]!;
    // How much exactly is for a machine that does nothing else; who has to wait for a hanging one waits for seconds.
    expect(median(flooded)).toBeLessThanOrEqual(median(quiet) + 500);
    // What hangs has a quarter of the slots of one process, while 800 are to be delivered there.
    expect(receiver.requests('/hangs').length).toBeLessThanOrEqual(200);
  }, 120_000);

  it.each(echoingRequests)(
    'keep the answer to $what within 64 KiB and twice the request',
    async (request) => {
      const { method, path, body } = request;
      const answer = await posthorn.call<string | { errors?: { path: string; message: string }[] }>(
        method,
        path,
        body,
      );
      const bytes = Buffer.byteLength(JSON.stringify(answer.body));
      expect(bytes).toBeLessThanOrEqual(64 * 1024 + 2 * (path.length + (body?.length ?? 0)));
      expect(answer.status).toBeLessThan(500);
      const { errors = [] } = answer.body as { errors?: { path: string; message: string }[] };
      expect(errors.length).toBeLessThanOrEqual(20);
      for (const error of errors) {
        expect(error.path.length).toBeLessThanOrEqual(200);
        expect(error.message.length).toBeLessThanOrEqual(500);
      }
    },
  );

  describe('over two dispatchers', () => {
    let second: ChildProcess;
    let log: Promise<string>;

    beforeAll(async () => {
      const { run, directory } = posthorn;
      const { port } = await freePorts(join(directory, 'second-dispatcher.json'), ['port']);
      second = spawn(process.execPath, [resolve('dist/apps/dispatcher/src/main.js')], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: {
          ...process.env,
          DATABASE_URL: run.databaseUrl,
          RABBITMQ_URL: run.amqpUrl,
          POSTHORN_MASTER_KEY: masterKey,
          EGRESS_ALLOW_HTTP: 'true',
          EGRESS_ALLOW_CIDRS: '127.0.0.0/8',
          EGRESS_ALLOW_PORTS: '*',
          METRICS_PORT: String(port),
          LOG_LEVEL: 'debug',
          LOG_FORMAT: 'json',
        },
      });
      log = text(second.stdout!);
      await until(
        'the second dispatcher',
        async () => (await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined))?.ok,
        60_000,
      );
    }, 90_000);

    afterAll(() => {
      second.kill('SIGKILL');
    });

    it('are kept by all together, and what one that was killed leaves goes to the other', async () => {
      const mostAtOnce = takingMs('/three-at-once', 200);
      await subscribe('/three-at-once', 'three.thing', { maxConcurrency: 3 });
      await publish('three.thing', 60);
      await receiver.received('/three-at-once', 60, 90_000);
      expect(mostAtOnce()).toBe(3);
      expect(idsAt('/three-at-once').size).toBe(60);

      second.kill('SIGKILL');
      await once(second, 'close');
      expect((await log).match(/delivery\.attempted/g)?.length ?? 0).toBeGreaterThan(5);
      const killedAt = Date.now();
      let more = 60;
      await until(
        'three at once by the one that is left',
        async () => {
          await publish('three.thing', 6);
          await receiver.received('/three-at-once', (more += 6), 30_000);
          return mostAtOnce() === 3;
        },
        60_000,
      );
      expect(Date.now() - killedAt).toBeLessThan(30_000);
    }, 180_000);
  });
});
