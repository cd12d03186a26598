import { create, ParkedMessage } from '#libs/contracts';
import type { Log } from '#libs/observability';
import { type Database, sql } from '#libs/persistence';
import { migratedDatabase } from '#libs/testing';
import { migrations } from '../../migrations/index.js';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';
import { BoundParked } from './bound-parked.js';
import { ParkedBoundsRepository } from './bounds.repository.js';
import { ParkedRepository } from './parked.repository.js';

const dayMs = 86_400_000;

let database: Database<LedgerTables>;
let drop: () => Promise<void>;
let repository: ParkedRepository;
let bounds: ParkedBoundsRepository;

beforeAll(async () => {
  ({ database, drop } = await migratedDatabase<LedgerTables>({ schema: 'ledger', migrations }));
  repository = new ParkedRepository(database);
  bounds = new ParkedBoundsRepository(database);
});

afterEach(() => database.run((db) => db.deleteFrom('parked').execute()));

afterAll(() => drop());

/** Of so many bytes in all; a higher number is younger. */
async function keep(number: number, fields: Partial<ParkedMessage> = {}, sizeBytes = 100): Promise<void> {
  await repository.keep(
    create(ParkedMessage, {
      id: `prk_${number}`,
      reason: 'a reason',
      parkedAt: new Date(Date.now() - dayMs + number * 1000).toISOString(),
      queue: 'gateway.ingest-event',
      exchange: 'posthorn.ingest',
      routingKey: 'loud',
      properties: {},
      body: Buffer.alloc(0),
      ...fields,
    }),
  );
  await database.run((db) =>
    db.updateTable('parked').set({ size_bytes: sizeBytes }).where('id', '=', `prk_${number}`).execute(),
  );
}

const kept = async (): Promise<number[]> => {
  const { rows } = await database.run((db) =>
    sql<{ id: string }>`select id from parked order by parked_at`.execute(db),
  );
  return rows.map(({ id }) => Number(id.slice('prk_'.length)));
};

describe('dead letters', () => {
  it('are kept while there is room', async () => {
    for (const number of [1, 2, 3]) await keep(number);
    expect(await bounds.removeBeyond(300)).toEqual({ messages: 0, bytes: 0 });
    expect(await bounds.bytes()).toBe(300);
  });

  it('beyond the limit go, the oldest first', async () => {
    for (const number of [1, 2, 3, 4, 5]) await keep(number);
    expect(await bounds.removeBeyond(250)).toEqual({ messages: 3, bytes: 300 });
    expect(await kept()).toEqual([4, 5]);
  });

  it('of a tenant that has few stay when another one has too many', async () => {
    await keep(1, { routingKey: 'quiet' });
    for (let number = 2; number <= 20; number++) await keep(number);
    await bounds.removeBeyond(500);
    expect(await kept()).toEqual([1, 17, 18, 19, 20]);
  });

  it('of a queue that has few stay when another one has too many, under however many names', async () => {
    const own = { queue: 'ledger.record-event', exchange: 'posthorn', routingKey: 'event.accepted.v1' };
    await keep(1, own, 200);
    for (let number = 2; number <= 50; number++) await keep(number, { routingKey: `tenant-${number}` });
    await bounds.removeBeyond(1000);
    expect((await kept())[0]).toBe(1);
    expect(await bounds.bytes()).toBeLessThanOrEqual(1000);
  });

  it('that nobody has redriven go when they are too old', async () => {
    await keep(1, { parkedAt: new Date(Date.now() - 31 * dayMs).toISOString() });
    await keep(2, { parkedAt: new Date(Date.now() - 29 * dayMs).toISOString() });
    expect(await bounds.removeOlderThan(30 * dayMs)).toEqual({ messages: 1, bytes: 100 });
    expect(await kept()).toEqual([2]);
  });

  it('of which somebody has one in hand leave that one to him', async () => {
    for (const number of [1, 2, 3]) await keep(number);
    await repository.take(['prk_1'], async () => {
      expect(await bounds.removeBeyond(100)).toEqual({ messages: 1, bytes: 100 });
      return true;
    });
    expect(await kept()).toEqual([3]);
  });

  it('that come faster than they are removed wait, and do not grow beyond the limit', async () => {
    const logged: [string, object | undefined][] = [];
    const log = { warn: (...line: [string, object | undefined]) => void logged.push(line) } as unknown as Log;
    const config = Object.assign(new LedgerConfig(), { MAX_DEAD_LETTER_BYTES: 1600 });
    const bound = new BoundParked(bounds, config, log);
    for (let number = 1; number <= 40; number++) {
      await keep(number);
      await bound.added(100);
      expect(await bounds.bytes()).toBeLessThanOrEqual(1800);
    }
    expect(logged[0]).toEqual(['dead-letters.removed', { reason: 'over_limit', count: 2, bytes: 200 }]);
  });
});
