import { RawEndpoint } from './raw-endpoint.js';
import type { TrialScene } from './trial.js';

/** What a hostile tenant does. */
export interface Hostility {
  readonly name: string;
  readonly what: string;
  readonly inPullRequests?: boolean;
  /** How many at once do it, each after the other's end and a pause. */
  readonly atOnce: number;
  readonly everyMs?: number;
  /** Registers what it needs. @returns what ends what it has started. */
  readonly prepare?: (scene: TrialScene, tenantId: string) => Promise<(() => Promise<void>) | undefined>;
  readonly act: (scene: TrialScene, tenantId: string) => Promise<unknown>;
}

const payloadBytes = 200_000;
const publishDeadlineMs = 8000;
const testTimeoutMs = 30_000;

/** 380 kB that were answered with 300 MB. */
const nulBody = `{"x":{"${'n'.repeat(100_000)}":[${Array.from({ length: 3000 }, () => '"\\u0000"').join(',')}]}}`;
const largeData = `"${'a'.repeat(payloadBytes)}"`;
const largeEvent = `{"type":"all.of_it","data":${largeData}}`;
const batch = `[${Array.from({ length: 900 }, () => `{"type":"all.of_it","data":"${'b'.repeat(8000)}"}`).join(',')}]`;
const ambiguousBatch = `[{"type":"a.b",${Array.from({ length: 200_000 }, () => '"id":1').join(',')}}]`;
const wildcardFilter = { data: { x: [{ wildcard: `*ab${'a'.repeat(7000)}*` }] } };
const periodicEvent = `{"type":"all.of_it","data":{"x":"${'a'.repeat(250_000)}"}}`;
const answers = [
  'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  'HTTP/1.1 000 X\r\n\r\n',
  'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n',
  `${'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n'.repeat(2000)}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`,
  `HTTP/1.1 200 OK\r\nX: ${'h'.repeat(60_000)}\r\n\r\n`,
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
];

const publish =
  (body: string, path = 'events') =>
  ({ posthorn }: TrialScene, tenantId: string): Promise<unknown> =>
    posthorn.whole.call('POST', `/tenants/${tenantId}/${path}`, body);

/** Destinations as many as it may have, up to `count`. */
async function subscribe(
  { posthorn }: TrialScene,
  tenantId: string,
  { count, input }: { count: number; input: (index: number) => object },
): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const destination = { eventTypes: ['all.*'], timeoutMs: 1000, retrySchedule: [], ...input(index) };
    const { status, body } = await posthorn.whole.call<{ id: string }>(
      'POST',
      `/tenants/${tenantId}/destinations`,
      destination,
    );
    if (status === 201) ids.push(body.id);
  }
  return ids;
}

/** An endpoint of raw bytes, and destinations on it. */
function onRawEndpoint(answersOf: readonly string[], count: number, more: object = {}) {
  return async (scene: TrialScene, tenantId: string) => {
    const endpoint = await RawEndpoint.start(answersOf);
    await subscribe(scene, tenantId, { count, input: (index) => ({ url: endpoint.url(index), ...more }) });
    return () => endpoint.stop();
  };
}

const firstDestination = new Map<string, string>();

/** One for each resource that tenants share. */
export const hostilities: readonly Hostility[] = [
  {
    name: 'gateway-faults',
    what: 'sends 130 kB with 3,000 faults, 4 at once',
    atOnce: 4,
    act: publish(nulBody, 'replays'),
  },
  {
    name: 'gateway-names',
    what: 'sends batches with 200,000 repeated names, 2 at once',
    atOnce: 2,
    act: publish(ambiguousBatch, 'events/batch'),
  },
  {
    name: 'gateway-batches',
    what: 'sends batches of 7 MB, 8 at once',
    atOnce: 8,
    act: publish(batch, 'events/batch'),
  },
  {
    name: 'router-filters',
    what: 'has 15 wildcards of 7 kB on events of 250 kB',
    atOnce: 1,
    everyMs: 500,
    prepare: async (scene, tenantId) => {
      const input = () => ({ url: scene.endpoints.url(`/${tenantId}`), filter: wildcardFilter });
      await subscribe(scene, tenantId, { count: 15, input });
      return undefined;
    },
    act: publish(periodicEvent),
  },
  {
    name: 'dispatcher-answers',
    what: 'answers 20 destinations with broken HTTP',
    atOnce: 1,
    everyMs: 100,
    prepare: onRawEndpoint(answers, 20),
    act: publish('{"type":"all.of_it","data":{}}'),
  },
  {
    name: 'registry-lists',
    what: 'has 100 large destinations and lists them, 8 at once',
    atOnce: 8,
    prepare: async (scene, tenantId) => {
      const metadata = Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [`name-${index}`, '\u0001'.repeat(40)]),
      );
      await subscribe(scene, tenantId, {
        count: 100,
        input: (index) => ({ url: scene.endpoints.url(`/${tenantId}/${index}`), metadata }),
      });
      return undefined;
    },
    act: ({ posthorn }, tenantId) =>
      posthorn.whole.call('GET', `/tenants/${tenantId}/destinations?limit=250`),
  },
  {
    name: 'ledger-lists',
    what: 'lists its events and deliveries, 8 at once',
    atOnce: 8,
    act: async ({ posthorn }, tenantId) => {
      await posthorn.whole.call('GET', `/tenants/${tenantId}/events?limit=250&after=2000-01-01`);
      await posthorn.whole.call('GET', `/tenants/${tenantId}/deliveries?limit=250&after=2000-01-01`);
    },
  },
  {
    name: 'dns',
    what: 'has 40 names that no server answers for',
    atOnce: 1,
    everyMs: 500,
    prepare: async (scene, tenantId) => {
      const nameOf = (index: number): string => `n${index}.${tenantId}.silent.test`;
      for (let index = 0; index < 40; index++) scene.nameServer.zone(nameOf(index), 'silent');
      await subscribe(scene, tenantId, {
        count: 40,
        input: (index) => ({ url: `http://${nameOf(index)}/` }),
      });
      return undefined;
    },
    act: publish('{"type":"all.of_it","data":{}}'),
  },
  {
    name: 'queue-bytes',
    what: 'sends 200 kB to 50 destinations that do not answer',
    atOnce: 2,
    everyMs: 200,
    prepare: onRawEndpoint([''], 50),
    act: publish(largeEvent),
  },
  {
    name: 'amqp-flood',
    what: 'floods the broker with messages of 200 kB, 16 at once',
    atOnce: 16,
    act: ({ amqp }, tenantId) => amqp.publish(tenantId, largeEvent, publishDeadlineMs),
  },
  {
    name: 'tests',
    what: 'tests an endpoint that does not answer, 120 at once',
    atOnce: 120,
    prepare: async (scene, tenantId) => {
      const endpoint = await RawEndpoint.start(['']);
      const input = () => ({ url: endpoint.url(0), timeoutMs: testTimeoutMs });
      const [id = ''] = await subscribe(scene, tenantId, { count: 1, input });
      firstDestination.set(tenantId, id);
      return () => endpoint.stop();
    },
    act: ({ posthorn }, tenantId) =>
      posthorn.whole.call(
        'POST',
        `/tenants/${tenantId}/destinations/${firstDestination.get(tenantId)}/test`,
        {},
      ),
  },
];
