import type { Migration } from '#libs/persistence';
import * as health from './0001-health.js';
import * as erasures from './0002-erasures.js';

/** In order; what has been released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001-health': health,
  '0002-erasures': erasures,
};
