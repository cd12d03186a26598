import type { DeliveryStatus } from '#libs/contracts';
import { sql } from '#libs/persistence';

/**
 * What is due goes when its lane lets it; while the circuit of its destination is open that is but a probe now and then,
 * and the delivery is held. Nothing is written when a circuit opens or closes, however many deliveries wait for it.
 */
export const shownStatus = sql<DeliveryStatus>`
  case when deliveries.due_at <= now() and deliveries.status in ('pending', 'retrying') and exists (
    select from circuits where circuits.destination_id = deliveries.destination_id and circuits.open
  ) then 'held' else deliveries.status end`;

/**
 * Deliveries that are shown with one of these statuses; all of them if there are none. What is written is asked for,
 * too: it has an index.
 */
export function hasStatus(statuses: readonly DeliveryStatus[] | undefined) {
  if (!statuses) return sql<boolean>`true`;
  const isCertain = statuses.every((status) => writtenAs[status].length === 1 && !underWay.has(status));
  const written = sql`deliveries.status = any(${[...new Set(statuses.flatMap((status) => writtenAs[status]))]})`;
  return isCertain
    ? sql<boolean>`${written}`
    : sql<boolean>`(${written} and ${shownStatus} = any(${[...statuses]}))`;
}

const underWay: ReadonlySet<DeliveryStatus> = new Set(['pending', 'retrying']);

const writtenAs: Record<DeliveryStatus, readonly DeliveryStatus[]> = {
  pending: ['pending'],
  retrying: ['retrying'],
  delivered: ['delivered'],
  failed: ['failed'],
  held: ['held', 'pending', 'retrying'],
  cancelled: ['cancelled'],
};
