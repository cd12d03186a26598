import type { Actor } from '#libs/contracts';
import { type Database, sql } from '#libs/persistence';
import { migratedDatabase } from '#libs/testing';
import { type AuditTables, createAudit } from './audit-table.js';
import { dropExpiredAudit, readAudit } from './read-audit.js';
import { type AuditEntry, recordAudit } from './record-audit.js';

const actor: Actor = { keyId: 'key_1', scopes: [], address: '192.0.2.1', requestId: 'req_1' };
const entry = (id: string, fields: Partial<AuditEntry> = {}): AuditEntry => ({
  actor,
  action: 'destination.updated',
  object: { type: 'destination', id },
  tenantId: 't',
  ...fields,
});

describe('audit records', () => {
  let database: Database<AuditTables>;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    const migrations = { audit: { up: createAudit } };
    ({ database, drop } = await migratedDatabase<AuditTables>({ schema: 'audited', migrations }));
  });

  afterEach(() => drop());

  const record = (...entries: AuditEntry[]) => database.run((db) => recordAudit(db, entries));
  const list = async (filter: object = {}) => {
    const { data } = await database.run((db) => readAudit(db, filter, { limit: 250 }));
    return data.map(({ object }) => object.id);
  };

  it('are read as they were recorded, NUL and all', async () => {
    const before = { url: 'a', description: 'NUL \u0000' };
    await record(entry('dst_1', { before, after: { url: 'b' } }), entry('dst_2', { actor: undefined }));
    const { data } = await database.run((db) => readAudit(db, {}, { limit: 250 }));
    expect(data.find(({ object }) => object.id === 'dst_1')).toEqual({
      id: expect.stringMatching(/^aud_[0-9A-HJKMNP-TV-Z]{26}$/) as unknown,
      at: expect.any(String) as unknown,
      actor: 'key_1',
      action: 'destination.updated',
      object: { type: 'destination', id: 'dst_1' },
      tenantId: 't',
      before,
      after: { url: 'b' },
      address: '192.0.2.1',
      requestId: 'req_1',
      result: 'success',
    });
    expect(data.find(({ object }) => object.id === 'dst_2')).toMatchObject({
      actor: 'posthorn',
      before: null,
      address: null,
      requestId: null,
    });
  });

  it('have the size of a long value in its place', async () => {
    await record(entry('dst_1', { after: { description: 'x'.repeat(2000) } }));
    const { data } = await database.run((db) => readAudit(db, {}, { limit: 1 }));
    expect(data[0]?.after).toEqual({ description: '… (2002 bytes)' });
  });

  it('are found by tenant, actor, action, object and time', async () => {
    await record(
      entry('dst_1'),
      entry('dst_2', { tenantId: 'u', actor: undefined, action: 'tenant.deleted' }),
    );
    for (const filter of [
      { tenantId: 'u' },
      { actor: 'posthorn' },
      { action: 'tenant.deleted' },
      { objectId: 'dst_2' },
    ])
      expect(await list(filter)).toEqual(['dst_2']);
    const hour = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
    expect(await list({ after: hour(-1), before: hour(1) })).toHaveLength(2);
    expect(await list({ after: hour(1) })).toEqual([]);
    expect(await list({ before: hour(-1) })).toEqual([]);
  });

  it('are never changed, and removed by the day when they are past their retention', async () => {
    await record(entry('dst_1'));
    await expect(database.run((db) => sql`update audit set actor = 'x'`.execute(db))).rejects.toThrow(
      'never changed',
    );
    const dayMs = 86_400_000;
    expect(await database.run((db) => dropExpiredAudit(db, dayMs))).toBe(0);
    expect(await database.run((db) => dropExpiredAudit(db, -2 * dayMs))).toBe(1);
    expect(await list()).toEqual([]);
  });

  it('are added and not seen by the request of a tenant', async () => {
    const seen = await database.ofTenant('t').transaction(async (db) => {
      await recordAudit(db, [entry('dst_1')]);
      await sql`delete from audit`.execute(db);
      return readAudit(db, {}, { limit: 1 });
    });
    expect(seen.data).toEqual([]);
    expect(await list()).toEqual(['dst_1']);
  });
});
