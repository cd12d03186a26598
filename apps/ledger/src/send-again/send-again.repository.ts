import type { DeliveryStatus } from '#libs/contracts';
import { type Kysely, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { Wake } from '../lanes/wake-lanes.js';
import type { LedgerTables } from '../ledger.tables.js';
import { DestinationsRepository } from '../project-destination/destinations.repository.js';
import { type Fate, fateOf } from './fate-of.js';

export interface DeliveryKey {
  readonly id: string;
  readonly created_at: Date;
  readonly destination_id: string;
}

interface Locked extends DeliveryKey {
  readonly status: DeliveryStatus;
  readonly is_due: boolean;
  readonly has_payload: boolean;
}

/** A destination whose making has not come to the ledger yet: whoever tries it knows better. */
const unheardOf = { deleted: false, enabled: true };

/** Has deliveries made again: the same ones, with attempts that are counted on and a schedule that begins anew. */
@Injectable()
export class SendAgainRepository {
  constructor(private readonly destinations: DestinationsRepository) {}

  /**
   * What can go is due now, or held while its destination is disabled; it goes by its lane, within the limits of its
   * destination. The lanes are to be woken before the transaction ends.
   * @returns what becomes of each, and whose lanes wait.
   */
  async send(
    db: Kysely<LedgerTables>,
    keys: readonly DeliveryKey[],
  ): Promise<{ fates: ReadonlyMap<string, Fate>; wakes: Wake[] }> {
    if (keys.length === 0) return { fates: new Map(), wakes: [] };
    const known = await this.destinations.lock(
      db,
      keys.map((key) => key.destination_id),
    );
    const locked = await lock(db, keys);
    const judged = locked.map((row) => ({
      row,
      fate: fateOf(
        { status: row.status, isDue: row.is_due, hasPayload: row.has_payload },
        known.get(row.destination_id) ?? unheardOf,
      ),
    }));
    const going = judged.filter(({ fate }) => fate === 'sent').map(({ row }) => row);
    const held = judged.filter(({ fate }) => fate === 'held').map(({ row }) => row);
    await beginAnew(db, [...going, ...held], held);
    return {
      fates: new Map(judged.map(({ row, fate }) => [row.id, fate])),
      wakes: [...new Set(going.map((row) => row.destination_id))].map((destinationId) => ({ destinationId })),
    };
  }
}

/** Nobody else writes to these deliveries until the transaction ends. In one order, as everywhere. */
async function lock(db: Kysely<LedgerTables>, keys: readonly DeliveryKey[]): Promise<Locked[]> {
  const { rows } = await sql<Locked>`
    select id, created_at, destination_id, status, due_at is not null as is_due,
      exists (
        select from payloads where payloads.tenant_id = deliveries.tenant_id
          and payloads.event_id = deliveries.event_id and payloads.accepted_at = deliveries.created_at
          and payloads.accepted_at = any(${daysOf(keys)})
      ) as has_payload
    from deliveries where id = any(${idsOf(keys)}) and created_at = any(${daysOf(keys)})
    order by id for update`.execute(db);
  return rows;
}

async function beginAnew(
  db: Kysely<LedgerTables>,
  keys: readonly DeliveryKey[],
  held: readonly DeliveryKey[],
): Promise<void> {
  if (keys.length === 0) return;
  const isHeld = sql`id = any(${idsOf(held)})`;
  await sql`
    update deliveries set
      schedule_start = attempt_count,
      status = case when ${isHeld} then 'held' else 'pending' end,
      due_at = case when ${isHeld} then null else least(due_at, now()) end,
      updated_at = now()
    where id = any(${idsOf(keys)}) and created_at = any(${daysOf(keys)})`.execute(db);
}

const idsOf = (keys: readonly DeliveryKey[]) => sql`${keys.map(({ id }) => id)}::text[]`;

/** Named for Postgres to know the partitions before it begins. */
const daysOf = (keys: readonly DeliveryKey[]) =>
  sql`${[...new Set(keys.map((key) => key.created_at.toISOString()))]}::timestamptz[]`;
