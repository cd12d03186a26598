import { create, ParkedMessage } from '#libs/contracts';
import type { Row } from '#libs/persistence';
import type { LedgerTables } from '../ledger.tables.js';

type ParkedRow = Pick<
  Row<LedgerTables['parked']>,
  'id' | 'reason' | 'parked_at' | 'queue' | 'origin' | 'body'
>;

/** What a parked message was published with, as the column `origin` keeps it. */
export function originOf({ exchange, routingKey, properties }: ParkedMessage): string {
  return JSON.stringify({ exchange, routingKey, properties });
}

export function parkedOf({ origin, ...row }: ParkedRow): ParkedMessage {
  return create(ParkedMessage, {
    id: row.id,
    reason: row.reason,
    parkedAt: row.parked_at.toISOString(),
    queue: row.queue,
    exchange: origin.exchange,
    routingKey: origin.routingKey,
    properties: withBytes(origin.properties) as ParkedMessage['properties'],
    body: row.body,
  });
}

function withBytes(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withBytes);
  const { type, data } = value as { type?: unknown; data?: unknown };
  if (type === 'Buffer' && Array.isArray(data)) return Buffer.from(data as number[]);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withBytes(inner)]));
}
