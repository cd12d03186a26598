import { create, DestinationChanged } from '#libs/contracts';
import { Log } from '#libs/observability';
import type { Database } from '#libs/persistence';
import { migratedDatabase } from '#libs/testing';
import { migrations } from '../../migrations/index.js';
import { ProjectionRepository } from '../project-destination/projection.repository.js';
import type { RouterTables } from '../router.tables.js';
import { DirectoryRepository } from './directory.repository.js';

let database: Database<RouterTables>;
let drop: () => Promise<void>;
let directory: DirectoryRepository;

beforeAll(async () => {
  const settings = { schema: 'router', migrations, statementTimeoutMs: 10_000 };
  ({ database, drop } = await migratedDatabase<RouterTables>(settings));
  directory = new DirectoryRepository(
    database,
    new Log({ service: 'router', level: 'error', format: 'json' }),
  );
});

afterAll(() => drop());

const changed = (destinationId: string, version: number, rest: object = {}): DestinationChanged =>
  create(DestinationChanged, {
    destinationId,
    tenantId: 't',
    version,
    renewedVersion: 1,
    deleted: false,
    enabled: true,
    url: 'https://example.com/',
    eventTypes: ['#'],
    filter: { type: ['a.b'] },
    timeoutMs: 1000,
    maxConcurrency: 1,
    sealedSecrets: [],
    ...rest,
  });

const apply = (...changes: DestinationChanged[]): Promise<void> =>
  new ProjectionRepository(database).apply(changes);

const subscriptions = async () => (await directory.ofTenants(['t'])).get('t')?.all ?? [];

describe('the destinations in memory', () => {
  it('are read again only where they changed', async () => {
    await apply(changed('dst_2', 1), changed('dst_1', 1), changed('dst_3', 1));
    const before = await subscriptions();
    expect(before.map(({ destinationId }) => destinationId)).toEqual(['dst_1', 'dst_2', 'dst_3']);
    expect(await subscriptions()).toBe(before);

    await apply(changed('dst_2', 2, { eventTypes: ['c'] }), changed('dst_3', 2, { deleted: true }));
    const after = await subscriptions();
    expect(after.map(({ destinationId, eventTypes }) => [destinationId, eventTypes])).toEqual([
      ['dst_1', ['#']],
      ['dst_2', ['c']],
    ]);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});
