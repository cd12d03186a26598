import { anyRow, askingTenant, type Kysely, showOwnRows, sql } from '#libs/persistence';

export async function up(db: Kysely<unknown>): Promise<void> {
  await showOwnRows(db, {
    tenants: sql`id = ${askingTenant}`,
    destinations: sql`tenant_id = ${askingTenant}`,
    outbox: anyRow,
  });
}
