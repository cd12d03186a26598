import { until } from '#libs/testing';
import {
  type Container,
  ComposedPosthorn,
  crash,
  docker,
  killAndStart,
  whyNotCompose,
} from './compose/composed-posthorn.js';
import { imageFaults } from './compose/image-faults.js';
import { AmqpDoor } from './faults/amqp-door.js';
import { audit, type Verdict } from './faults/audit.js';
import { quiet, readBooks } from './faults/books.js';
import { Endpoints } from './faults/endpoints.js';
import { timetable } from './faults/faulted-posthorn.js';
import { Load } from './faults/load.js';
import { randomFrom } from './faults/random.js';
import { inFlight } from './faults/rows/row.js';
import { prepare, tenantsOf } from './faults/scene.js';
import { type PlannedEndpoint, planEndpoints } from './faults/world.js';

const services = ['gateway', 'registry', 'router', 'dispatcher', 'ledger', 'alerts'];
const firstDeliveryMs = 120_000;
const perSecond = 15;
const settleDeadlineMs = 60_000;
const quietDeadlineMs = 60_000;

const obstacle = await whyNotCompose();
if (obstacle !== undefined) process.stderr.write(`docker compose is not tried: ${obstacle}.\n`);

(obstacle === undefined ? describe : describe.skip)('docker compose', () => {
  let posthorn: ComposedPosthorn;
  let endpoints: Endpoints;
  let startedAtMs: number;

  beforeAll(async () => {
    posthorn = await ComposedPosthorn.build({
      RETRY_SCHEDULE: timetable.scheduleMs.map((ms) => `${ms}ms`).join(','),
      RETRY_JITTER: String(timetable.jitter),
      CIRCUIT_FAILURES: '1000000',
      SWEEP_AFTER: '5m',
      LOG_LEVEL: 'debug',
    });
    startedAtMs = Date.now();
    await posthorn.up();
    endpoints = await Endpoints.start(await posthorn.egressAddress());
  }, 600_000);

  afterAll(async () => {
    endpoints?.stop();
    await posthorn?.stop();
  }, 120_000);

  const scene = (): Parameters<typeof prepare>[0] => ({ posthorn: { whole: posthorn }, endpoints });

  it('gets from nothing to a verified delivery within 120 s, over HTTP and AMQP, and tells of its attempts', async () => {
    const planned: PlannedEndpoint[] = [
      { tenantId: 'first', path: '/first/ok', eventTypes: ['#'], behaviour: 'ok' },
      { tenantId: 'first', path: '/first/flaky', eventTypes: ['#'], behaviour: 'flaky' },
    ];
    const destinations = await prepare(scene(), planned);
    await posthorn.call('POST', '/tenants/first/events', '{"id":"http-1","type":"a.b","data":{"n":1.0}}');
    const first = await until('the first delivery', () => endpoints.sightings[0]);
    expect(first.isVerified).toBe(true);
    expect(first.atMs - startedAtMs).toBeLessThan(firstDeliveryMs);

    const publisherUrl = await posthorn.publisherUrl();
    const door = new AmqpDoor(() => publisherUrl);
    await door.connected;
    await door.publish('first', '{"id":"amqp-1","type":"a.b","data":{"n":1.0}}', 5000);
    door.stop();
    await until('both events at both endpoints', () => endpoints.sightings.length >= 6);
    expect(endpoints.sightings.every(({ isVerified }) => isVerified)).toBe(true);

    await quiet(posthorn, ['first'], { timeoutMs: 10_000 });
    const { deliveries } = await readBooks(posthorn, ['first']);
    const flaky = destinations.find(({ behaviour }) => behaviour === 'flaky')?.id;
    const codes = deliveries
      .filter(({ destinationId }) => destinationId === flaky)
      .map(({ attempts }) => attempts.map(({ statusCode }) => statusCode));
    expect(codes).toEqual([
      [500, 200],
      [500, 200],
    ]);
  });

  it.each([...services, 'setup'])(
    'has an image of %s that is small, labelled, and can do little',
    async (name) => {
      expect(await imageFaults(`posthorn/${name}:compose-test`, name)).toEqual([]);
    },
  );

  it('gives only the dispatcher a way to the outside', async () => {
    const networks = await Promise.all(
      [...services, 'postgres'].map(
        async (name) => [name, await networksOf((await oneOf(name)).id)] as const,
      ),
    );
    const reaching = networks.filter(([, names]) => names.includes('posthorn-compose-test_egress'));
    expect(reaching.map(([name]) => name)).toEqual(['dispatcher']);
    expect(Object.fromEntries(networks)['postgres']).toEqual(['posthorn-compose-test_inside']);
    const format = '{{.Internal}}';
    expect(await docker('network', 'inspect', '--format', format, 'posthorn-compose-test_inside')).toBe(
      'true',
    );
  });

  it('loses nothing while a container of each kind is killed, and shares the work between three dispatchers', async () => {
    const verdict = await underLoad('kills-', async () => {
      for (const service of services) await crash(await oneOf(service));
      for (const server of ['postgres', 'rabbitmq']) await killAndStart(await oneOf(server));
    });
    expect(verdict).toMatchObject({ lost: [], unexpected: [], unrecorded: [], wrongAnswers: [] });
    expect(verdict.duplicated.length).toBeLessThanOrEqual(inFlight);
    const dispatchers = await posthorn.containers('dispatcher');
    const attempts = await Promise.all(dispatchers.map(({ id }) => attemptsOf(id)));
    const all = attempts.reduce((sum, count) => sum + count);
    expect(Math.min(...attempts)).toBeGreaterThan(all / 10);
  }, 400_000);

  it('becomes a cluster of three RabbitMQ nodes, and loses nothing while any one of them is killed', async () => {
    await posthorn.upAsCluster();
    await until('every queue to have three copies', areAllOnThree, 120_000);
    const verdict = await underLoad('cluster-', async () => {
      for (const node of ['rabbitmq', 'rabbitmq-2']) await killAndStart(await oneOf(node));
    });
    expect(verdict).toMatchObject({ lost: [], unexpected: [], unrecorded: [], wrongAnswers: [] });
  }, 400_000);

  const oneOf = async (service: string): Promise<Container> => (await posthorn.containers(service))[0]!;

  const areAllOnThree = async (): Promise<boolean> => {
    const command = ['rabbitmqctl', '--quiet', '--formatter', 'json', 'list_queues', 'type', 'members'];
    const text = await posthorn.run('rabbitmq-2', ...command);
    const queues = JSON.parse(text) as { type: string; members: string[] }[];
    return queues.every(({ type, members }) => type !== 'quorum' || members.length === 3);
  };

  /** What the oracle says of what was published while `hurt` went on. */
  const underLoad = async (prefix: string, hurt: () => Promise<void>): Promise<Verdict> => {
    endpoints.sightings = [];
    const destinations = await prepare(scene(), planEndpoints(prefix, 2));
    const tenantIds = tenantsOf(destinations);
    const publisherUrl = await posthorn.publisherUrl();
    const amqp = new AmqpDoor(() => publisherUrl);
    const load = new Load({ posthorn, amqp, tenantIds, random: randomFrom(1), perSecond });
    try {
      await amqp.connected;
      const over = new AbortController();
      await Promise.all([hurt().finally(() => over.abort()), load.run(over.signal)]);
      await load.settled(settleDeadlineMs);
    } finally {
      amqp.stop();
    }
    await quiet(posthorn, tenantIds, { timeoutMs: quietDeadlineMs }).catch(() => undefined);
    return audit({
      intents: load.intents,
      sightings: endpoints.sightings,
      destinations,
      books: await readBooks(posthorn, tenantIds),
      timetable,
      slackMs: Infinity,
      overAtMs: Date.now(),
      onlyRecorded: false,
    });
  };
});

async function networksOf(container: string): Promise<string[]> {
  const format = '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}';
  return (await docker('inspect', '--format', format, container)).split(' ');
}

/** At the level `debug` each attempt is a line. */
async function attemptsOf(container: string): Promise<number> {
  const lines = (await docker('logs', container)).split('\n');
  return lines.filter((line) => line.includes('"delivery.attempted"')).length;
}
