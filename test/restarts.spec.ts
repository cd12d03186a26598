import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { RunningPosthorn, type ServiceEntry, until, WebhookReceiver } from '#libs/testing';

const event = '{"type":"a.b","data":1}';
const drainDelayMs = 1500;

describe('a process that is told to stop', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('restarts', {
      POSTHORN_SCALE: 'gateway=2,dispatcher=2',
      DRAIN_DELAY_MS: String(drainDelayMs),
    });
    await posthorn.call('PUT', '/tenants/t', {});
    await posthorn.subscribe('t', { url: receiver.url('/hook'), eventTypes: ['#'] });
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  beforeEach(() => until('all processes to be ready', areAllReady, 60_000));

  it('says that it is not ready, serves on until balancers have noticed, and asks to be left', async () => {
    const gateway = gateways()[1]!;
    send(gateway, 'SIGTERM');
    // A second one, or a Ctrl-C at the terminal, changes nothing.
    send(gateway, 'SIGTERM');
    send(gateway, 'SIGINT');
    const api = gateway.apiUrl!;
    const startedAtMs = performance.now();
    await until('it to be unready', async () => (await statusOf(`${api}/health/ready`)) === 503, 1000);
    expect(await statusOf(readyUrl(gateway))).toBe(503);
    expect(await statusOf(`${api}/health/live`)).toBe(200);
    const { response } = publish(api);
    const { statusCode, headers } = await response;
    expect([statusCode, headers.connection]).toEqual([202, 'close']);
    expect(performance.now() - startedAtMs).toBeLessThan(drainDelayMs);
    await started(gateway);
    expect(endsOf('gateway-2')).toEqual(['exit code 0']);
    expect(await statusOf(`${posthorn.run.apiUrl}/health/ready`)).toBe(200);
  });

  it('answers a request that came before and ends long after the drain delay', async () => {
    const gateway = gateways()[1]!;
    const slow = publish(gateway.apiUrl!, { inParts: true });
    await until('the request to be in hand', () => slow.isSent());
    send(gateway, 'SIGTERM');
    await until(
      'the door to be closed',
      async () => (await statusOf(`${gateway.apiUrl!}/health/live`)) === 0,
    );
    slow.end();
    expect((await slow.response).statusCode).toBe(202);
    await started(gateway);
    expect(endsOf('gateway-2')).toEqual(['exit code 0', 'exit code 0']);
  });

  it('is not held up by a client that has a connection and says nothing', async () => {
    const gateway = gateways()[1]!;
    const silent = request(`${gateway.apiUrl!}/v1/tenants/t/events`, { method: 'POST' });
    silent.on('error', () => undefined);
    await new Promise((resolve) => silent.once('socket', (socket) => socket.once('connect', resolve)));
    const startedAtMs = performance.now();
    send(gateway, 'SIGTERM');
    await ended(gateway);
    expect(performance.now() - startedAtMs).toBeLessThan(drainDelayMs + 3000);
    silent.destroy();
  });

  it('finishes the webhooks it has in hand: each is sent once', async () => {
    const held: ServerResponse[] = [];
    receiver.answer('/hook', (response) => void held.push(response));
    const before = receiver.requests('/hook').length;
    const count = 30;
    const ids = await Promise.all(Array.from({ length: count }, () => published()));
    // As many as may be open to one destination, of each dispatcher.
    await until('requests to be in hand', () => held.length >= 8);
    const dispatchers = servicesOf('dispatcher');
    for (const dispatcher of dispatchers) send(dispatcher, 'SIGTERM');
    await until('both to be unready', async () => {
      const statuses = await Promise.all(dispatchers.map((dispatcher) => statusOf(readyUrl(dispatcher))));
      return statuses.every((status) => status === 503);
    });
    receiver.answer('/hook', 200);
    for (const response of held) response.writeHead(200).end();
    await Promise.all(dispatchers.map(started));
    await until('all to be delivered', async () =>
      (await statusesOf(ids)).every((all) => all === 'delivered'),
    );
    expect(receiver.requests('/hook').length - before).toBe(count);
    expect([...endsOf('dispatcher'), ...endsOf('dispatcher-2')]).toEqual(['exit code 0', 'exit code 0']);
  });

  it('exits with 0 within 30 s while RabbitMQ stands still, in the middle of its start as well', async () => {
    const all = posthorn.run.services;
    const endsBefore = allEnds().length;
    posthorn.freezeBroker();
    try {
      const publishing = publish(gateways()[0]!.apiUrl!);
      await until('a publish to be in hand', () => publishing.isSent());
      let startedAtMs = performance.now();
      for (const service of all) send(service, 'SIGTERM');
      await Promise.all(all.map(ended));
      expect(performance.now() - startedAtMs).toBeLessThan(25_000);
      expect((await publishing.response).statusCode).toBe(503);
      const starting = posthorn.run.services;
      await until('their health endpoints', async () =>
        (await Promise.all(starting.map((one) => statusOf(readyUrl(one))))).every((status) => status === 503),
      );
      startedAtMs = performance.now();
      for (const service of starting) send(service, 'SIGTERM');
      await Promise.all(starting.map(ended));
      expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    } finally {
      posthorn.thawBroker();
    }
    expect(linesOfServices().filter((line) => line.includes('"posthorn.unfinished"'))).toEqual([]);
    const ends = allEnds().slice(endsBefore);
    expect(ends.length).toBeGreaterThanOrEqual(2 * all.length);
    expect(new Set(ends)).toEqual(new Set(['exit code 0']));
    await until('all processes to be ready', areAllReady, 60_000);
    const id = await published();
    await until('its webhook', () =>
      receiver.requests('/hook').some(({ headers }) => headers['webhook-id'] === id),
    );
  }, 180_000);

  const servicesOf = (service: string): ServiceEntry[] =>
    posthorn.run.services.filter(({ name }) => name === service);
  const gateways = (): ServiceEntry[] => servicesOf('gateway');

  const areAllReady = async (): Promise<boolean> => {
    const statuses = await Promise.all(posthorn.run.services.map((one) => statusOf(readyUrl(one))));
    return statuses.every((status) => status === 200);
  };

  const published = async (): Promise<string> => {
    const { status, body } = await posthorn.call<{ id: string }>('POST', '/tenants/t/events', event);
    expect(status).toBe(202);
    return body.id;
  };

  const statusesOf = (ids: readonly string[]): Promise<string[]> =>
    Promise.all(
      ids.map(async (id) => {
        const path = `/tenants/t/deliveries?eventId=${id}`;
        const { body } = await posthorn.call<{ data: { status: string }[] }>('GET', path);
        return body.data.map(({ status }) => status).join();
      }),
    );

  /** How a process has ended each time, as its supervisor tells. */
  const endsOf = (name: string): string[] =>
    supervisorLog().flatMap((line) => new RegExp(` ${name} ended \\(([^)]*)\\)`).exec(line)?.[1] ?? []);
  const allEnds = (): string[] =>
    supervisorLog().flatMap((line) => / ended \(([^)]*)\)/.exec(line)?.[1] ?? []);
  const supervisorLog = (): string[] => linesOf('supervisor.log');
  const linesOfServices = (): string[] =>
    readdirSync(join(posthorn.directory, 'logs'))
      .filter((name) => name.endsWith('.log'))
      .flatMap(linesOf);
  const linesOf = (log: string): string[] =>
    readFileSync(join(posthorn.directory, 'logs', log), 'utf8').split('\n');

  const ended = (service: ServiceEntry): Promise<unknown> =>
    until(`${service.name} to end`, () => now(service).pid !== service.pid, 40_000);
  const started = async (service: ServiceEntry): Promise<void> => {
    await ended(service);
    const isReady = async (): Promise<boolean> => (await statusOf(readyUrl(service))) === 200;
    await until(`${service.name} to be ready again`, isReady, 60_000);
  };
  const now = ({ metricsUrl }: ServiceEntry): ServiceEntry =>
    posthorn.run.services.find((one) => one.metricsUrl === metricsUrl)!;

  /** A publish over a connection of its own; in parts, its body is not complete before `end`. */
  const publish = (apiUrl: string, { inParts = false } = {}) => {
    const call = request(`${apiUrl}/v1/tenants/t/events`, {
      method: 'POST',
      agent: false,
      headers: {
        authorization: `Bearer ${posthorn.run.apiKey}`,
        'content-type': 'application/json',
        'content-length': event.length,
        connection: 'keep-alive',
        expect: '100-continue',
      },
    });
    let isTaken = false;
    call.once('continue', () => {
      isTaken = true;
      if (inParts) call.write(event.slice(0, 5));
      else call.end(event);
    });
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      call.once('response', (answer) => resolve(answer.resume()));
      call.once('error', reject);
    });
    return { response, isSent: () => isTaken, end: () => call.end(event.slice(5)) };
  };
});

function send({ pid }: ServiceEntry, signal: NodeJS.Signals): void {
  process.kill(pid, signal);
}

function readyUrl({ metricsUrl }: ServiceEntry): string {
  return `${new URL(metricsUrl).origin}/health/ready`;
}

/** 0 if nobody answers. */
async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
