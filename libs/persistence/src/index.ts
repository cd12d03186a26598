export { Database } from './database.js';
export { DayPartitions } from './day-partitions.js';
export type { Day } from './days.js';
export { fitting, jsonBytes } from './fitting.js';
export { joined } from './joined.js';
export { DropErased } from './drop-erased.js';
export { countRemoved, createErasures, Erasures, type ErasureStep } from './erasures.js';
export { eraseDestinations, TenantErasures } from './tenant-erasures.js';
export { exactTime, readPage } from './keyset.js';
export {
  addPartitions,
  createDefaultPartition,
  dropPartition,
  giveWay,
  partitionDays,
} from './partitions.js';
export { keepNewest } from './projection.js';
export { PersistenceModule } from './persistence.module.js';
export {
  type ColumnType,
  type Generated,
  type GeneratedAlways,
  type Insertable as NewRow,
  type Kysely,
  type QueryExecutorProvider,
  type RawBuilder,
  type Selectable as Row,
  sql,
} from 'kysely';
export type { Migration } from 'kysely/migration';
export { createOutbox, enqueue, OutboxRelay } from './outbox.js';
export { anyRow, askingTenant, showOwnRows } from './tenant-rows.js';
export { Upkeep } from './upkeep.js';
export { PersistenceConfig } from './persistence.config.js';
