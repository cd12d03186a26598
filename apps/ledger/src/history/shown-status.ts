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
