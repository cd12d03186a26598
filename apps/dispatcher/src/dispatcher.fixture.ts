import { type MigratedDatabase, migratedDatabase } from '#libs/testing';
import { migrations } from '../migrations/index.js';
import type { DispatcherTables } from './dispatcher.tables.js';

export type DispatcherDatabase = MigratedDatabase<DispatcherTables>;

export function dispatcherDatabase(): Promise<DispatcherDatabase> {
  return migratedDatabase({ schema: 'dispatcher', migrations });
}
