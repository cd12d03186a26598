import type { Migration } from '#libs/persistence';
import * as projectionAndInbox from './0001-projection-and-inbox.js';

/** In order; what has been released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001-projection-and-inbox': projectionAndInbox,
};
