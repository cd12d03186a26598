import type { Migration } from '#libs/persistence';
import * as tenantsAndDestinations from './0001-tenants-and-destinations.js';

/** In order; what has been released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001-tenants-and-destinations': tenantsAndDestinations,
};
