import { randomBytes } from 'node:crypto';
import { Secret } from '#libs/config';
import type { Log } from '#libs/observability';
import { type Database, sql } from '#libs/persistence';
import { migratedDatabase } from '#libs/testing';
import { migrations } from '../../migrations/index.js';
import { shownHeaders } from '../confidential/change-headers.js';
import { Vault } from '../confidential/vault.js';
import type { Announcer } from '../destinations/announcer.js';
import { destinationDefaults } from '../destinations/apply-patch.js';
import { DestinationsRepository } from '../destinations/destinations.repository.js';
import { RegistryConfig } from '../registry.config.js';
import type { RegistryTables } from '../registry.tables.js';
import { RenewSeals } from './renew-seals.js';

const aMasterKey = (): Secret => new Secret(randomBytes(32).toString('base64'));

describe('secrets and headers, after a new master key was put in front', () => {
  let database: Database<RegistryTables>;
  let drop: () => Promise<void>;
  let destinations: DestinationsRepository;

  beforeEach(async () => {
    ({ database, drop } = await migratedDatabase<RegistryTables>({ schema: 'registry', migrations }));
    destinations = new DestinationsRepository(database, new RegistryConfig());
    await database.run((db) =>
      db.insertInto('tenants').values({ id: 't', name: null, metadata: {} }).execute(),
    );
  });

  afterEach(() => drop());

  /** `plain`: headers as a registry before sealing of all of them wrote them. */
  const insert = async (
    id: string,
    vault: Vault,
    plain: readonly { name: string; value: string }[] = [],
  ): Promise<void> => {
    const row = {
      id,
      tenant_id: 't',
      url: 'https://example.com/',
      disabled_reason: null,
      ...destinationDefaults,
      event_types: ['#'],
      headers: [
        ...vault.changeHeaders(id, [], { authorization: 'Bearer of-the-endpoint' }),
        ...plain.map(({ name, value }) => ({ name, value })),
      ],
      sealed_secrets: [vault.signingSecret(id, 'hmac-sha256')],
    };
    await destinations.insert(row, undefined);
  };

  const renewal = (vault: Vault): RenewSeals =>
    new RenewSeals(
      destinations,
      vault,
      { nudge: () => undefined } as Announcer,
      { info: () => undefined, warn: () => undefined } as unknown as Log,
    );

  const announced = async (): Promise<string[]> => {
    const { rows } = await database.run((db) => sql<{ body: string }>`select body from outbox`.execute(db));
    return rows.map(({ body }) => body);
  };

  it('are all sealed with it, announced once, and open without the old one', async () => {
    const [old, next] = [aMasterKey(), aMasterKey()];
    await insert('dst_1', new Vault([old]));
    await insert('dst_2', new Vault([next]));
    await renewal(new Vault([next, old])).pass();
    await renewal(new Vault([next, old])).pass();
    const row = await database.run((db) =>
      db.selectFrom('destinations').selectAll().where('id', '=', 'dst_1').executeTakeFirstOrThrow(),
    );
    const { keyId } = new Vault([next]);
    expect(row.version).toBe(2);
    expect(row.sealed_secrets[0]).toMatch(new RegExp(`^v1\\.${keyId}\\.`));
    expect(row.headers).toMatchObject([
      { name: 'authorization', sealed: expect.stringContaining(`v1.${keyId}.`) as unknown },
    ]);
    expect((await announced()).filter((body) => body.includes('dst_1'))).toHaveLength(2);
    const newOnly = new Vault([next]);
    expect(newOnly.changeHeaders('dst_1', row.headers, { 'x-more': '1' })).toHaveLength(2);
    await expect(renewal(newOnly).pass()).resolves.toBeUndefined();
  });

  it('are sealed where they were kept as they are', async () => {
    const vault = new Vault([aMasterKey()]);
    await insert('dst_1', vault, [{ name: 'X-Plain', value: 'canary "value": v1.0a0a0a0a.' }]);
    await renewal(vault).pass();
    await renewal(vault).pass();
    const row = await database.run((db) =>
      db.selectFrom('destinations').selectAll().where('id', '=', 'dst_1').executeTakeFirstOrThrow(),
    );
    expect(row.version).toBe(2);
    expect(JSON.stringify(row.headers)).not.toContain('canary');
    expect(shownHeaders(row.headers).headerBytes).toEqual({ authorization: 22, 'X-Plain': 28 });
    expect((await announced()).at(-1)).not.toContain('canary');
    expect(vault.changeHeaders('dst_1', row.headers, { 'x-plain': '***' })).toHaveLength(2);
  });

  it('that need a key which is missing are told of, and keep no others from being renewed', async () => {
    const [lost, old, next] = [aMasterKey(), aMasterKey(), aMasterKey()];
    await insert('dst_1', new Vault([lost]));
    await insert('dst_2', new Vault([old]));
    await expect(renewal(new Vault([next, old])).pass()).rejects.toThrow(new Vault([lost]).keyId);
    const { sealed_secrets } = await database.run((db) =>
      db.selectFrom('destinations').selectAll().where('id', '=', 'dst_2').executeTakeFirstOrThrow(),
    );
    expect(sealed_secrets[0]).toContain(`v1.${new Vault([next]).keyId}.`);
  });
});
