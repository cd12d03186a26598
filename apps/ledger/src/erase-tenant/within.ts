import { type RawBuilder, sql } from '#libs/persistence';

/** From the first of these times to the last one. Postgres may know a time better than to the millisecond. */
export function within(column: string, times: readonly Date[]): RawBuilder<boolean> {
  const ms = times.map((time) => time.getTime());
  const [from, to] = [new Date(Math.min(...ms)), new Date(Math.max(...ms) + 1)];
  return sql<boolean>`(${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${to})`;
}
