import { acceptedAtMsOf, firstDeliveryIdAt } from '#libs/contracts';
import { sql } from '#libs/persistence';

/**
 * From `after` on and before `before`. A column of times lets Postgres leave out days; where there are ids of deliveries
 * these say where in an index the times begin and end, as they are what it is ordered by.
 */
export function acceptedWithin(
  { after, before }: { readonly after?: string | undefined; readonly before?: string | undefined },
  columns: { readonly time: string; readonly deliveryId?: string },
) {
  const time = sql.ref(columns.time);
  const from = after === undefined ? [] : [sql`${time} >= ${new Date(after)}`];
  const to = before === undefined ? [] : [sql`${time} < ${new Date(before)}`];
  const bounds = columns.deliveryId === undefined ? [] : idsWithin(columns.deliveryId, after, before);
  return sql<boolean>`${sql.join([sql`true`, ...from, ...to, ...bounds], sql` and `)}`;
}

function idsWithin(column: string, after: string | undefined, before: string | undefined) {
  const id = sql.ref(column);
  return [
    ...(after === undefined ? [] : [sql`${id} >= ${firstDeliveryIdAt(Date.parse(after))}`]),
    ...(before === undefined ? [] : [sql`${id} < ${firstDeliveryIdAt(Date.parse(before))}`]),
  ];
}

/** Names the one partition that can hold a delivery, or its attempts. Nothing is found under what is no delivery's id. */
export function acceptedAsIn(deliveryId: string, column: string) {
  const ms = acceptedAtMsOf(deliveryId);
  return ms === undefined ? sql<boolean>`false` : sql<boolean>`${sql.ref(column)} = ${new Date(ms)}`;
}
