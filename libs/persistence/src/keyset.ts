import type { Page, PagePosition, PageRequest } from '#libs/contracts';
import { sql, type SelectQueryBuilder } from 'kysely';
import { fitting } from './fitting.js';

/** What a row of a list must have: where it stands in it, `at` with microseconds, for the next page to start there. */
export interface Positioned {
  readonly position_at: string;
  readonly position_id: string;
}

/** A column's time, exactly: a JavaScript date would lose the microseconds that tell rows apart. */
export const exactTime = (column: string) =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/**
 * One page of a list, newest first, stable under writes: it goes on after the last row seen, not after a count of rows.
 * It ends at its limit, or at 1 MiB of what `itemOf` makes of the rows. `order` names the time column and the id column
 * that break the tie; the latter alone where ids begin with their time.
 */
export async function readPage<DB, Table extends keyof DB, Row extends Positioned, Item>(
  query: SelectQueryBuilder<DB, Table, Row>,
  order: Order & { readonly bytesOf?: (item: Item) => number },
  { limit, position }: PageRequest,
  itemOf: (row: Row) => Item,
): Promise<Page<Item>> {
  const newer = position?.direction === 'newer';
  const direction = newer ? sql`asc` : sql`desc`;
  const columns = columnsOf(order);
  let paged = query.orderBy(sql.join(columns.map((column) => sql`${column} ${direction}`))).limit(limit + 1);
  if (position) paged = paged.where(isBeyond(position, order));
  const rows = (await paged.execute()) as Row[];
  const data = fitting(rows.slice(0, limit).map(itemOf), order.bytesOf);
  const shown = rows.slice(0, data.length);
  if (newer) {
    data.reverse();
    shown.reverse();
  }
  return { data, ...neighboursOf(shown, { newer, hasMore: rows.length > data.length, position }) };
}

interface Order {
  readonly at?: string;
  readonly id: string;
}

function columnsOf({ at, id }: Order) {
  return at === undefined ? [sql.ref(id)] : [sql.ref(at), sql.ref(id)];
}

function isBeyond({ at, id, direction }: PagePosition, order: Order) {
  const comparison = direction === 'newer' ? sql`>` : sql`<`;
  const place = order.at === undefined ? [sql`${id}`] : [sql`${at}::timestamptz`, sql`${id}`];
  return sql<boolean>`(${sql.join(columnsOf(order))}) ${comparison} (${sql.join(place)})`;
}

function neighboursOf(
  shown: readonly Positioned[],
  read: { newer: boolean; hasMore: boolean; position: PagePosition | undefined },
): Omit<Page<never>, 'data'> {
  const first = shown[0];
  const last = shown.at(-1);
  const hasOlder = read.newer || read.hasMore;
  const hasNewer = read.newer ? read.hasMore : read.position !== undefined;
  return {
    ...(last && hasOlder && { older: positionOf(last, 'older') }),
    ...(first && hasNewer && { newer: positionOf(first, 'newer') }),
  };
}

function positionOf(row: Positioned, direction: PagePosition['direction']): PagePosition {
  return { at: row.position_at, id: row.position_id, direction };
}
