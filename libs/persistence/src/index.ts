export { Database } from './database.js';
export { exactTime, readPage } from './keyset.js';
export { keepNewest } from './projection.js';
export { PersistenceModule } from './persistence.module.js';
export {
  type ColumnType,
  type Generated,
  type Insertable as NewRow,
  type Kysely,
  type Selectable as Row,
  sql,
} from 'kysely';
export type { Migration } from 'kysely/migration';
export { createOutbox, enqueue, OutboxRelay } from './outbox.js';
