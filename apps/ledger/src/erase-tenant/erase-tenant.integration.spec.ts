import { create, ParkedMessage, ReplayInput } from '#libs/contracts';
import { sql } from '#libs/persistence';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';
import type { BoundParked } from '../parked/bound-parked.js';
import { CollectParkedHandler } from '../parked/collect-parked.handler.js';
import { ParkedRepository } from '../parked/parked.repository.js';

const requestedAt = new Date().toISOString();
const request = { erasureId: 'era_1', tenantId: 't~2', requestedAt };

let books: Books;

beforeEach(async () => {
  books = await Books.open();
  await books.keepPartitions();
});

afterEach(() => books.close());

const tables = [
  'events',
  'payloads',
  'deliveries',
  'attempts',
  'replays',
  'destinations',
  'tallies',
  'lanes',
  'circuits',
  'parked',
] as const;

const rows = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    await Promise.all(
      tables.map(async (table) => [
        table,
        (await books.database.run((db) => db.selectFrom(table).selectAll().execute())).length,
      ]),
    ),
  ) as Record<string, number>;

const parkedOf = (id: string, tenantId: string, changes: Partial<ParkedMessage> = {}): ParkedMessage =>
  create(ParkedMessage, {
    id,
    reason: 'a reason',
    parkedAt: requestedAt,
    queue: 'router.route-event',
    exchange: 'posthorn',
    routingKey: 'event.accepted.v1',
    properties: { headers: { tenantId, eventId: 'e' } },
    body: Buffer.from('1'),
    ...changes,
  });

const unbounded = { added: () => Promise.resolve() } as unknown as BoundParked;

const park = async (...messages: ParkedMessage[]): Promise<void> => {
  const handler = new CollectParkedHandler(new ParkedRepository(books.database), unbounded, books.erased);
  for (const message of messages) await handler.collect(message);
};

/** One of everything, on more than one day. */
const fill = async (tenantId: string, destinationId: string): Promise<Acceptance[]> => {
  await books.destinations.apply([destinationChanged({ destinationId, tenantId })]);
  const events = [0, 1, 40].map(
    (daysAgo) => new Acceptance(`e${daysAgo}`, { daysAgo, tenantId, destinationId }),
  );
  for (const event of events)
    for (const message of [event.accepted, event.routed(), event.attempted(1, 'unreachable')])
      await books.record(message);
  const input = Object.assign(new ReplayInput(), { after: '2020-01-01', before: '2100-01-01' });
  await books.replays.create({ tenantId, replayId: `rpl_${destinationId}`, input });
  await park(parkedOf(`prk_${destinationId}`, tenantId));
  return events;
};

/** The grace time is over. */
const later = (): Promise<unknown> =>
  books.database.run((db) => sql`update erasures set due_at = now() where due_at is not null`.execute(db));

const erase = async (): Promise<void> => {
  await books.erased.request(request);
  await books.erased.pass();
  await later();
  await books.erased.pass();
};

describe('the erasure of a tenant', () => {
  it('removes all that the ledger has of it, counts it, and leaves the other generations alone', async () => {
    await fill('t', 'dst_1');
    const before = await rows();
    await fill('t~2', 'dst_2');
    await erase();
    expect(await rows()).toEqual(before);
    expect(books.reports.at(-1)).toMatchObject({
      erasureId: 'era_1',
      tenantId: 't~2',
      service: 'ledger',
      done: true,
      removed: { events: 3, payloads: 3, deliveries: 3, attempts: 3, replays: 1, parked: 1, destinations: 1 },
    });
  });

  it('is done once, however often it is requested, and not before the grace time is over', async () => {
    await fill('t~2', 'dst_2');
    await Promise.all([books.erased.request(request), books.erased.request(request)]);
    await books.erased.pass();
    expect(books.reports.some(({ done }) => done)).toBe(false);
    await later();
    await books.erased.pass();
    const count = books.reports.length;
    await books.erased.request(request);
    await books.erased.pass();
    expect(books.reports).toHaveLength(count);
  });

  it('goes on where a process stopped, and counts each row once', async () => {
    const events = Array.from({ length: 1200 }, (_, n) => new Acceptance(`e${n}`, { tenantId: 't~2' }));
    await books.recordAll(events.flatMap((event) => [event.accepted, event.routed()]));
    await books.erased.request(request);
    // It stops in the middle: what it has not committed is not gone.
    const stopping = books.anotherErasing();
    const stopped = stopping.pass();
    await stopping.beforeApplicationShutdown();
    await stopped;
    const restarted = books.anotherErasing();
    await restarted.pass();
    await later();
    await restarted.pass();
    expect(books.reports.at(-1)).toMatchObject({
      done: true,
      removed: { events: 1200, payloads: 1200, deliveries: 1200 },
    });
    expect((await rows())['events']).toBe(0);
  });

  it('is taken back with its report where the broker does not take that', async () => {
    await fill('t~2', 'dst_2');
    const before = await rows();
    await books.erased.request(request);
    books.reports.push = () => {
      throw new Error('away');
    };
    await expect(books.erased.pass()).rejects.toThrow('away');
    expect(await rows()).toEqual(before);
  });
});

describe('what arrives late of an erased tenant', () => {
  it('is dropped, whatever it is', async () => {
    const before = await rows();
    await erase();
    await books.erased.pass();
    const late = new Acceptance('late', { tenantId: 't~2' });
    for (const message of [
      late.accepted,
      late.routed(),
      late.repeated,
      late.postponed,
      late.attempted(1, 'unreachable'),
    ])
      await books.record(message);
    await park(parkedOf('prk_late', 't~2'));
    expect(await rows()).toEqual(before);
  });

  it('is removed by the last pass where it was being stored when the first one ended', async () => {
    await books.erased.request(request);
    // Another process has not noticed.
    const before = await rows();
    const event = new Acceptance('late', { tenantId: 't~2' });
    await books.record(event.accepted);
    await books.erased.pass();
    await books.database.run((db) =>
      sql`insert into events (tenant_id, event_id, acceptance_id, accepted_at, routing)
        values ('t~2', 'later', 'acc_1', now(), 'accepted')`.execute(db),
    );
    await later();
    await books.erased.pass();
    expect(await rows()).toEqual(before);
    expect(books.reports.at(-1)).toMatchObject({ done: true, removed: { events: 2, payloads: 1 } });
  });
});

describe('parked messages of an erased tenant', () => {
  const ingested = (id: string, parkedAt: string): ParkedMessage =>
    parkedOf(id, '', {
      queue: 'gateway.ingest-event',
      exchange: 'posthorn.ingest',
      routingKey: 't',
      parkedAt,
      properties: {},
    });

  it('go by their header, by their JSON body, and those of a publisher by the time of the deletion', async () => {
    const json = {
      queue: 'ledger.record-routing',
      properties: {},
      body: Buffer.from('{"tenantId":"t~2","eventId":"e"}'),
    };
    const payload = Buffer.from('{"tenantId":"t~2"}');
    await park(
      parkedOf('by-header', 't~2'),
      parkedOf('by-body', '', json),
      ingested('before', new Date(Date.parse(requestedAt) - 1000).toISOString()),
      ingested('after', new Date(Date.parse(requestedAt) + 1000).toISOString()),
      parkedOf('of-another', 't', { body: payload }),
    );
    await erase();
    const kept = await books.database.run((db) =>
      db.selectFrom('parked').select('id').orderBy('id').execute(),
    );
    expect(kept.map(({ id }) => id)).toEqual(['after', 'of-another']);
  });
});
