import type { Migration } from '#libs/persistence';
import * as projectionAndInbox from './0001-projection-and-inbox.js';
import * as filters from './0003-filters.js';
import * as erasures from './0005-erasures.js';

/** In order; what has been released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001-projection-and-inbox': projectionAndInbox,
  '0003-filters': filters,
  '0005-erasures': erasures,
};
