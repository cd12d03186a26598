export { Database } from './database.js';
export { DatabaseUnavailableError } from './database-unavailable.error.js';
export { exactTime, readPage } from './keyset.js';
export { keepNewest } from './projection.js';
export { PersistenceConfig } from './persistence.config.js';
export { PersistenceModule } from './persistence.module.js';
export {
  type Generated,
  type Insertable as NewRow,
  type Kysely,
  type Selectable as Row,
  sql,
  type Transaction,
} from 'kysely';
export type { Migration } from 'kysely/migration';
export { createOutbox, enqueue, OutboxRelay } from './outbox.js';
