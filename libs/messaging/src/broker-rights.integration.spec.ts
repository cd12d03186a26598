import { create, exchange, GetTenant, queueExchange, topology } from '#libs/contracts';
import { freshVhost, type FreshVhost, until } from '#libs/testing';
import { type Channel, type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { Broker } from './broker.js';
import { rightsOf, rightsOfPublishers } from './broker-rights.js';
import { declareTopology } from './declare-topology.js';
import { definitions, userOf } from './definitions.js';
import { planOf } from './topology-plan.js';

const services = ['gateway', 'registry', 'router', 'dispatcher', 'ledger', 'alerts'];

let vhost: FreshVhost;
let admin: ChannelModel;
const connections: ChannelModel[] = [];

beforeAll(async () => {
  vhost = await freshVhost();
  admin = await connect(vhost.url);
  await declareTopology(admin, topology);
});

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
});

afterAll(async () => {
  await admin.close();
  await vhost.drop();
});

/** What RabbitMQ says to somebody who tries; nothing, if it lets him. */
async function tried(
  connection: ChannelModel,
  what: (channel: ConfirmChannel) => unknown,
): Promise<string | undefined> {
  const channel = await connection.createConfirmChannel();
  const refused = new Promise<string>((resolve) =>
    channel.on('error', ({ message }: Error) => resolve(message)),
  );
  const done = (async (): Promise<undefined> => {
    await what(channel);
    await channel.waitForConfirms();
  })();
  // A refusal fails what was tried, too, and a moment before it is told.
  const outcome = await Promise.race([refused, done.catch(() => refused)]);
  if (outcome === undefined) await channel.close();
  return outcome;
}

async function connectAs(rights: ReturnType<typeof rightsOf>): Promise<ChannelModel> {
  const connection = await connect(await vhost.addUser(rights));
  connections.push(connection);
  return connection;
}

const publish = (to: string, routingKey: string) => (channel: Channel) =>
  channel.publish(to, routingKey, Buffer.from('{}'));
const refusal = expect.stringMatching('ACCESS_REFUSED');

describe.each(services)('with no more rights than it needs, %s', (app) => {
  let broker: Broker;

  beforeEach(async () => {
    const urls = [await vhost.addUser(rightsOf(app))];
    broker = new Broker({ app, urls, startTimeoutMs: 10_000, topology });
    await broker.open();
  });

  afterEach(() => broker.close());

  it('starts, and can publish and be answered', async () => {
    await until(`${app} to be ready`, () => broker.isReady);
  });

  it('declares its own queues again', async () => {
    const [lost] = planOf(broker.ownQueues);
    await vhost.deleteQueue(lost?.name ?? '');
    await broker.declare(broker.consuming.model as ChannelModel);
    expect(await vhost.hasQueue(lost?.name ?? '')).toBe(true);
  });
});

describe('whoever has the dispatcher in hand, which is what talks to strangers,', () => {
  let connection: ChannelModel;

  beforeEach(async () => {
    connection = await connectAs(rightsOf('dispatcher'));
  });

  it('can say what the dispatcher says', async () => {
    expect(await tried(connection, publish(exchange, 'delivery.attempted.v1'))).toBeUndefined();
    expect(
      await tried(connection, publish(queueExchange, 'dispatcher.deliver-event.parked')),
    ).toBeUndefined();
    expect(
      await tried(connection, publish(queueExchange, 'gateway.replies.0a-1.dispatcher')),
    ).toBeUndefined();
  });

  it.each([
    ['an event', exchange, 'event.accepted.v1'],
    ['another address for a destination', exchange, 'destination.changed.v1'],
    ['a key for the API', exchange, 'api-key.changed.v1'],
    ['a request to the registry', exchange, 'registry.create-api-key.v1'],
    ['a message of a publisher', 'posthorn.ingest', 'a-tenant'],
    ['a message straight into the queue of another', queueExchange, 'alerts.watch-destination'],
    ['a message straight into its own queue', queueExchange, 'dispatcher.deliver-event.p0'],
    ['what another has parked', queueExchange, 'router.route-event.parked'],
    ['an answer of the registry', queueExchange, 'gateway.replies.0a-1.registry'],
    ['an answer of no service', queueExchange, 'gateway.replies.0a-1'],
    ['a message to any queue there is', '', 'ledger.record-event'],
  ])('cannot publish %s', async (_, to, routingKey) => {
    expect(await tried(connection, publish(to, routingKey))).toEqual(refusal);
  });

  it.each(['router.route-event', 'registry.get-destination-secret', 'ledger.record-event.parked'])(
    'cannot read or delete %s',
    async (queue) => {
      expect(await tried(connection, (channel) => channel.consume(queue, () => undefined))).toEqual(refusal);
      expect(await tried(connection, (channel) => channel.deleteQueue(queue))).toEqual(refusal);
    },
  );

  it('cannot listen to what is not for it, nor make or delete an exchange', async () => {
    const listen = (channel: Channel) =>
      channel.bindQueue('dispatcher.project-circuit', exchange, 'event.accepted.v1');
    expect(await tried(connection, listen)).toEqual(refusal);
    const everything = (channel: Channel) => channel.bindQueue('dispatcher.project-circuit', exchange, '#');
    expect(await tried(connection, everything)).toEqual(refusal);
    expect(await tried(connection, (channel) => channel.assertExchange('mine', 'topic'))).toEqual(refusal);
    expect(await tried(connection, (channel) => channel.deleteExchange(exchange))).toEqual(refusal);
  });
});

describe('a request', () => {
  const tenant = { tenantId: 'a-tenant' };
  let gateway: Broker;

  beforeEach(async () => {
    const urls = [await vhost.addUser(rightsOf('gateway'))];
    gateway = new Broker({ app: 'gateway', urls, startTimeoutMs: 10_000, topology });
    await gateway.open();
  });

  afterEach(() => gateway.close());

  /** Of the request that waits in the registry's queue. */
  async function nextRequest(): Promise<{ replyTo: string; correlationId: string }> {
    const registry = await connectAs(rightsOf('registry'));
    const channel = await registry.createChannel();
    const request = await until('the request', () => channel.get('registry.get-tenant', { noAck: true }));
    const { replyTo, correlationId } = request.properties as { replyTo: string; correlationId: string };
    return { replyTo, correlationId };
  }

  async function answerAs(service: string, routingKey: string, correlationId: string, body: string) {
    const connection = await connectAs(rightsOf(service));
    const answer = (channel: Channel) =>
      channel.publish(queueExchange, routingKey, Buffer.from(body), { correlationId });
    return tried(connection, answer);
  }

  it('is answered by the service that was asked, whatever others write', async () => {
    const asking = gateway.requester.ask(create(GetTenant, tenant), 10_000);
    const { replyTo, correlationId } = await nextRequest();
    const forged = '{"result":"forged"}';
    expect(await answerAs('dispatcher', `${replyTo}.registry`, correlationId, forged)).toEqual(refusal);
    expect(await answerAs('dispatcher', `${replyTo}.dispatcher`, correlationId, forged)).toBeUndefined();
    for (const guessed of ['1', '2', '3'])
      expect(await answerAs('registry', `${replyTo}.registry`, guessed, forged)).toBeUndefined();
    expect(await answerAs('registry', `${replyTo}.registry`, correlationId, '{"result":"true"}')).toBe(
      undefined,
    );
    await expect(asking).resolves.toBe('true');
  });

  it.each(['{not json', 'null', '[]', '{}', '{"problem":null}', '{"problem":{"code":1}}'])(
    'alone fails when its answer is %s',
    async (body) => {
      const asking = gateway.requester.ask(create(GetTenant, tenant), 10_000);
      const failed = expect(asking).rejects.toMatchObject({ code: 'unavailable' });
      const { model } = gateway.consuming;
      const { replyTo, correlationId } = await nextRequest();
      await answerAs('registry', `${replyTo}.registry`, correlationId, body);
      await failed;
      expect(gateway.isReady).toBe(true);
      expect(gateway.consuming.model).toBe(model);
    },
  );

  it('fails with an internal error when the answer is a problem of a newer version', async () => {
    const asking = gateway.requester.ask(create(GetTenant, tenant), 10_000);
    const failed = expect(asking).rejects.toMatchObject({ code: 'internal_error', detail: 'It is.' });
    const { replyTo, correlationId } = await nextRequest();
    const body = '{"problem":{"code":"brand_new","detail":"It is."}}';
    await answerAs('registry', `${replyTo}.registry`, correlationId, body);
    await failed;
  });
});

describe('a message that its service may not publish', () => {
  it('fails by itself, and leaves what is published beside it alone', async () => {
    const urls = [await vhost.addUser(rightsOf('router'))];
    const router = new Broker({ app: 'router', urls, startTimeoutMs: 10_000, topology });
    await router.open();
    const send = (to: string, routingKey: string) =>
      router.publisher.publish({ exchange: to, routingKey, body: Buffer.from('{}') }, 10_000);
    const allowed = Array.from({ length: 200 }, (_, number) =>
      send(exchange, number % 2 === 0 ? 'event.routed.v1' : `delivery.requested.v1.p${number % 8}`),
    );
    const refused = [1, 2, 3].map(() => send(queueExchange, 'gateway.learn-api-key.parked'));
    for (const one of refused) await expect(one).rejects.toThrow(/refuses gateway.learn-api-key.parked/);
    await Promise.all(allowed);
    await until('the channel', () => router.isReady);
    // From now on it is known, and costs the channel nothing.
    const [again, other] = [
      send(queueExchange, 'gateway.learn-api-key.parked'),
      send(exchange, 'event.routed.v1'),
    ];
    await expect(again).rejects.toThrow(/refuses/);
    await other;
    expect(router.isReady).toBe(true);
    await router.close();
  });
});

describe('the ledger, which keeps what is parked,', () => {
  it('takes it from every queue, and puts it back', async () => {
    const connection = await connectAs(rightsOf('ledger'));
    const take = (channel: Channel) => channel.get('router.route-event.parked');
    expect(await tried(connection, take)).toBeUndefined();
    expect(await tried(connection, publish(queueExchange, 'dispatcher.deliver-event.p3'))).toBeUndefined();
  });

  it('reads no work but its own', async () => {
    const connection = await connectAs(rightsOf('ledger'));
    expect(await tried(connection, (channel) => channel.get('router.route-event'))).toEqual(refusal);
  });
});

describe('a publisher', () => {
  it('writes to its door, and nowhere else', async () => {
    const connection = await connectAs(rightsOfPublishers);
    expect(await tried(connection, publish('posthorn.ingest', 'a-tenant'))).toBeUndefined();
    expect(await tried(connection, publish(exchange, 'event.accepted.v1'))).toEqual(refusal);
    expect(await tried(connection, publish(queueExchange, 'router.route-event'))).toEqual(refusal);
    expect(await tried(connection, (channel) => channel.assertQueue('mine'))).toEqual(refusal);
    expect(await tried(connection, (channel) => channel.get('gateway.ingest-event'))).toEqual(refusal);
  });
});

describe('the file of definitions, imported into a broker that somebody else runs,', () => {
  it('gives the users that are there what provisioning would give them', async () => {
    const brought = await freshVhost();
    try {
      const [name = ''] = new URL(brought.url).pathname.slice(1).split('/');
      const urls = new Map<string, string>();
      for (const owner of [...services, 'publisher'])
        urls.set(owner, await brought.addUser({}, userOf(owner)));
      await brought.importDefinitions(definitions(name));
      for (const app of services) {
        const broker = new Broker({ app, urls: [urls.get(app) ?? ''], startTimeoutMs: 10_000, topology });
        await broker.open();
        await broker.close();
      }
      const connection = await connect(urls.get('publisher') ?? '');
      expect(await tried(connection, publish('posthorn.ingest', 'a-tenant'))).toBeUndefined();
      expect(await tried(connection, publish(exchange, 'event.accepted.v1'))).toEqual(refusal);
      await connection.close();
    } finally {
      await brought.drop();
    }
  });
});
