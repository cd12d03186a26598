import { type Kysely, sql } from '#libs/persistence';
import type { LedgerTables } from '../ledger.tables.js';

interface Claimed {
  readonly tenant_id: string;
  readonly event_id: string;
  readonly accepted_at: Date;
  /** Null while its event is not recorded, as is what follows. */
  readonly acceptance_id: string | null;
  readonly payload_bytes: number | null;
  readonly payload: Buffer | null;
}

/** Loads the large payloads of what goes, which are not loaded before it is known to go: each once, however many go. */
export async function loadPayloads<Row extends Claimed>(
  db: Kysely<LedgerTables>,
  claimed: ReadonlyMap<string, Row>,
): Promise<ReadonlyMap<string, Row>> {
  const missing = [...claimed.values()].filter((row) => row.payload_bytes !== null && row.payload === null);
  if (missing.length === 0) return claimed;
  const { rows } = await sql<{ acceptance_id: string; payload: Buffer }>`
    select acceptance_id, payload from payloads
    where acceptance_id = any(${[...new Set(missing.map((row) => row.acceptance_id))]}::text[])
      and tenant_id = any(${[...new Set(missing.map((row) => row.tenant_id))]}::text[])
      and event_id = any(${[...new Set(missing.map((row) => row.event_id))]}::text[])
      and accepted_at = any(${missing.map((row) => row.accepted_at)}::timestamptz[])`.execute(db);
  const payloads = new Map(rows.map((row) => [row.acceptance_id, row.payload]));
  return new Map(
    [...claimed].map(([id, row]) => [
      id,
      { ...row, payload: row.payload ?? payloads.get(row.acceptance_id ?? '') ?? null },
    ]),
  );
}
