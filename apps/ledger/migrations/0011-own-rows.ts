import { anyRow, askingTenant, type Kysely, showOwnRows, sql } from '#libs/persistence';

const ofTenant = sql`tenant_id = ${askingTenant}`;
/** Of a table that knows destinations only. A destination of another tenant is not among those that can be seen. */
const ofDestination = (table: string) => sql`exists (
  select from destinations where destinations.destination_id = ${sql.ref(`${table}.destination_id`)})`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await showOwnRows(db, {
    events: ofTenant,
    payloads: ofTenant,
    deliveries: ofTenant,
    attempts: sql`exists (
      select from deliveries where deliveries.id = attempts.delivery_id and deliveries.created_at = attempts.accepted_at)`,
    replays: ofTenant,
    destinations: ofTenant,
    circuits: ofDestination('circuits'),
    tallies: ofDestination('tallies'),
    // Ids and times: a destination has its lane before the ledger has heard of it.
    lanes: anyRow,
  });
}
