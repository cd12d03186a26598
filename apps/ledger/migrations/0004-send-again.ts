import { type Kysely, sql } from '#libs/persistence';

/**
 * What a delivery's schedule is counted from when it is sent again, and the orders in which lists are read. A delivery's
 * id begins with the time of its event, so that `id` alone is the order of all lists of deliveries; the primary key
 * serves the one across tenants. The ends of the indexes by type and status tell tenants apart without reading rows.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table deliveries add column schedule_start integer not null default 0`.execute(db);
  await sql`drop index deliveries_tenant_id_created_at_id_idx`.execute(db);
  await sql`create index on deliveries (tenant_id, id)`.execute(db);
  await sql`create index on deliveries (destination_id, id)`.execute(db);
  await sql`create index on deliveries (event_type, id, tenant_id)`.execute(db);
  // Most are delivered, and what is common needs no index of its own.
  await sql`create index on deliveries (status, id, tenant_id) where status <> 'delivered'`.execute(db);
  // An event's id is asked for across tenants, too.
  await sql`drop index deliveries_tenant_id_event_id_idx`.execute(db);
  await sql`create index on deliveries (event_id, tenant_id)`.execute(db);
  await sql`
    create index on events (accepted_at desc, acceptance_id desc)
    where routing <> 'repeated' and recorded_at is not null`.execute(db);
  await sql`
    create index on events (event_type, accepted_at desc, acceptance_id desc, tenant_id)
    where routing <> 'repeated' and recorded_at is not null`.execute(db);
}
