import { type Kysely, sql } from '#libs/persistence';

/** What a dead letter is about and how large it is, so that its table can be bounded and the sweeper can leave it alone. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table parked
      add column size_bytes integer not null default 0,
      add column tenant_id text,
      add column delivery_id text,
      add column acceptance_id text`.execute(db);
  await sql`update parked set size_bytes = octet_length(body) + octet_length(origin::text)`.execute(db);
  // Of what is kept from before only this much can be said by its headers, which NUL in a text does not spoil.
  await sql`
    update parked set
      tenant_id = origin -> 'properties' -> 'headers' ->> 'tenantId',
      delivery_id = origin -> 'properties' -> 'headers' ->> 'deliveryId',
      acceptance_id = origin -> 'properties' -> 'headers' ->> 'acceptanceId'
    where queue not like 'gateway.%' and origin::text not like '%\\\\u0000%'`.execute(db);
  await sql`create index parked_by_owner on parked (queue, tenant_id, parked_at desc, id desc) include (size_bytes)`.execute(
    db,
  );
  await sql`create index parked_deliveries on parked (delivery_id) where delivery_id is not null`.execute(db);
  await sql`create index parked_acceptances on parked (acceptance_id) where acceptance_id is not null`.execute(
    db,
  );
}
