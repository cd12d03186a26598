import { newId } from '#libs/contracts';
import type { Database } from '#libs/persistence';
import { migratedDatabase } from '#libs/testing';
import { migrations } from '../../migrations/index.js';
import { RegistryConfig } from '../registry.config.js';
import type { RegistryTables } from '../registry.tables.js';
import { destinationDefaults } from './apply-patch.js';
import { DestinationsRepository } from './destinations.repository.js';

let database: Database<RegistryTables>;
let drop: () => Promise<void>;
let destinations: DestinationsRepository;

beforeAll(async () => {
  const settings = { schema: 'registry', migrations, statementTimeoutMs: 10_000 };
  ({ database, drop } = await migratedDatabase<RegistryTables>(settings));
  const config = Object.assign(new RegistryConfig(), { MAX_DESTINATIONS_PER_TENANT: 3 });
  destinations = new DestinationsRepository(database, config);
});

afterAll(() => drop());

const insert = (tenantId: string, id = newId('dst')) =>
  destinations.insert({
    id,
    tenant_id: tenantId,
    url: 'https://example.com/',
    disabled_reason: null,
    ...destinationDefaults,
    event_types: ['#'],
    headers: [],
    sealed_secrets: [],
  });

describe('the destinations of a tenant', () => {
  it('are no more than it may have, also when many are created at once', async () => {
    for (const id of ['t', 'other'])
      await database.run((db) => db.insertInto('tenants').values(tenant(id)).execute());
    const created = await Promise.allSettled(Array.from({ length: 10 }, () => insert('t')));
    const refused = created.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(7);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'limit_reached' });
    const { data } = await destinations.list('t', { limit: 50 });
    expect(data).toHaveLength(3);

    // The same creation again is no other one, and another tenant has a number of its own.
    expect(await insert('t', data[0]?.id)).toMatchObject({ destination: { id: data[0]?.id } });
    expect(await insert('other')).toBeDefined();
    await destinations.delete('t', data[0]?.id ?? '');
    expect(await insert('t')).toBeDefined();
  });
});

function tenant(id: string) {
  return { id, name: null, metadata: {} };
}
