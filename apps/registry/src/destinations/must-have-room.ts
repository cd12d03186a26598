import { Problem } from '#libs/contracts';
import { type Kysely, sql } from '#libs/persistence';
import type { RegistryTables } from '../registry.tables.js';

/**
 * To be called behind the insert, in a transaction that holds the tenant's row: creations of one tenant come one after
 * another, so that several at once do not pass the limit together.
 * @throws Problem `limit_reached` if the tenant has more destinations than it may.
 */
export async function mustHaveRoom(
  db: Kysely<RegistryTables>,
  tenantId: string,
  limit: number,
): Promise<void> {
  const { rows } = await sql`
    select from destinations where tenant_id = ${tenantId} limit 1 offset ${limit}`.execute(db);
  if (rows.length > 0)
    throw new Problem(
      'limit_reached',
      `A tenant may have ${limit} destinations, and this one has them. Delete one, or raise MAX_DESTINATIONS_PER_TENANT.`,
    );
}
