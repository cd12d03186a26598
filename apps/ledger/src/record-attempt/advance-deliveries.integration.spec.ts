import { create, DeliveryAttempted } from '#libs/contracts';
import type { Database } from '#libs/persistence';
import { destinationChanged, migratedDatabase } from '#libs/testing';
import { migrations } from '../../migrations/index.js';
import { CircuitsRepository } from '../circuits/circuits.repository.js';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.js';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';
import { DestinationsRepository } from '../project-destination/destinations.repository.js';
import { AdvanceDeliveries } from './advance-deliveries.js';

const config = Object.assign(new LedgerConfig(), { RETRY_SCHEDULE: [1000], RETRY_JITTER: 0 });
const now = new Date().toISOString();

let database: Database<LedgerTables>;
let drop: () => Promise<void>;
let destinations: DestinationsRepository;
let deliveries: AdvanceDeliveries;

beforeEach(async () => {
  ({ database, drop } = await migratedDatabase<LedgerTables>({ schema: 'ledger', migrations }));
  destinations = new DestinationsRepository(database);
  deliveries = new AdvanceDeliveries(
    new DeliveriesRepository(),
    destinations,
    new CircuitsRepository(config),
    config,
  );
});

afterEach(() => drop());

const attempt = (deliveryId: string, changes: Partial<DeliveryAttempted> = {}): DeliveryAttempted =>
  create(DeliveryAttempted, {
    deliveryId,
    tenantId: 't',
    eventId: `of ${deliveryId}`,
    eventType: 'a.b',
    destinationId: 'dst_1',
    destinationVersion: 1,
    attempt: 1,
    repeated: false,
    acceptedAt: now,
    startedAt: now,
    durationMs: 1,
    result: 'refused',
    statusCode: 410,
    body: Buffer.alloc(0),
    ...changes,
  });

const advance = (...attempts: readonly DeliveryAttempted[]): Promise<DeliveryAttempted[]> =>
  database.transaction((db) => deliveries.advance(db, attempts, attempts));

const change = (version: number, enabled: boolean): Promise<void> =>
  destinations.apply([destinationChanged({ version, enabled })]);

const standing = (id: string) =>
  database.run((db) =>
    db
      .selectFrom('deliveries')
      .select(['status', 'attempt_count', 'due_at'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow(),
  );

describe('a delivery whose endpoint answered 410 Gone', () => {
  it('is held, the attempt counted, until its destination is enabled', async () => {
    await change(1, true);
    await advance(attempt('dlv_1'));
    expect(await standing('dlv_1')).toEqual({ status: 'held', attempt_count: 1, due_at: null });
    await change(2, false);
    await change(3, true);
    expect(await standing('dlv_1')).toMatchObject({
      status: 'retrying',
      due_at: expect.any(Date) as unknown,
    });
  });

  it('is due at once where its destination was enabled since it was tried', async () => {
    await change(3, true);
    await advance(attempt('dlv_1'));
    expect(await standing('dlv_1')).toMatchObject({
      status: 'retrying',
      due_at: expect.any(Date) as unknown,
    });
  });

  it('is never left held by a destination that is enabled at that very moment', async () => {
    for (let round = 0; round < 40; round++) {
      const version = 2 * round + 2;
      await change(version, false);
      const id = `dlv_${round}`;
      await Promise.all([advance(attempt(id, { destinationVersion: version })), change(version + 1, true)]);
      expect((await standing(id)).status).toBe('retrying');
    }
  });
});

describe('a delivery whose schedule is used up', () => {
  const last = attempt('dlv_1', { attempt: 2, statusCode: 500 });

  it('is given up, and said to be so again when the report comes again', async () => {
    expect(await advance(attempt('dlv_1', { statusCode: 500 }))).toEqual([]);
    expect(await advance(last)).toEqual([last]);
    expect(await advance(last)).toEqual([last]);
  });

  it('is not said to be given up if it was cancelled before', async () => {
    await advance(attempt('dlv_1', { statusCode: 500 }));
    await database.run((db) => db.updateTable('deliveries').set({ status: 'cancelled' }).execute());
    expect(await advance(last)).toEqual([]);
  });
});

describe('a destination with a schedule of its own', () => {
  const failing = (deliveryId: string, number: number, destinationId: string): DeliveryAttempted =>
    attempt(deliveryId, { attempt: number, statusCode: 500, destinationId });
  const waitMsOf = async (id: string): Promise<number> => {
    const { due_at } = await standing(id);
    return Number(due_at) - Date.now();
  };

  it('has its deliveries tried again by that one, and others by the ledger’s', async () => {
    const own = { destinationId: 'dst_own', retryScheduleMs: [60_000, 8_000_000_000] };
    await destinations.apply([destinationChanged(), destinationChanged(own)]);
    await advance(failing('dlv_1', 1, 'dst_1'), failing('dlv_own', 1, 'dst_own'));
    expect(await waitMsOf('dlv_1')).toBeLessThan(2000);
    expect(await waitMsOf('dlv_own')).toBeGreaterThan(50_000);
    await advance(failing('dlv_1', 2, 'dst_1'), failing('dlv_own', 2, 'dst_own'));
    expect(await standing('dlv_1')).toMatchObject({ status: 'failed' });
    expect(await waitMsOf('dlv_own')).toBeGreaterThan(7_900_000_000);
  });

  it('of no waits at all gives up after the first attempt', async () => {
    await destinations.apply([destinationChanged({ retryScheduleMs: [] })]);
    const first = failing('dlv_1', 1, 'dst_1');
    expect(await advance(first)).toEqual([first]);
    expect(await standing('dlv_1')).toMatchObject({ status: 'failed', due_at: null });
  });
});
