import { type QueryExecutorProvider, sql } from 'kysely';

interface Versioned {
  readonly destination_id: string;
  readonly version: number;
}

/**
 * Keeps a copy of what another service owns: for each destination the newest version, whatever order and however often
 * the changes arrive.
 * @returns the rows that were new.
 */
export async function keepNewest<Row extends Versioned>(
  db: QueryExecutorProvider,
  table: string,
  changes: readonly Row[],
): Promise<Row[]> {
  const rows = newestOf(changes);
  const [first] = rows;
  if (!first) return [];
  const columns = Object.keys(first) as (keyof Row & string)[];
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const values = sql.join(rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`));
  const updates = sql.join(
    columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`),
  );
  const { rows: applied } = await sql<Row>`
    insert into ${sql.table(table)} (${names}) values ${values}
    on conflict (destination_id) do update set ${updates}
    where ${sql.ref(`${table}.version`)} < excluded.version
    returning *`.execute(db);
  return applied;
}

/** In one order everywhere, so that two processes that keep the same changes do not wait for one another in a circle. */
function newestOf<Row extends Versioned>(changes: readonly Row[]): Row[] {
  const newest = new Map<string, Row>();
  for (const change of changes) {
    const known = newest.get(change.destination_id);
    if (!known || known.version < change.version) newest.set(change.destination_id, change);
  }
  return [...newest.values()].toSorted((a, b) => (a.destination_id < b.destination_id ? -1 : 1));
}
