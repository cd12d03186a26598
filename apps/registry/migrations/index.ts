import type { Migration } from '#libs/persistence';
import * as apiKeys from './0003-api-keys.js';
import * as tenantsAndDestinations from './0001-tenants-and-destinations.js';
import * as filtersHeadersAndSecrets from './0002-filters-headers-and-secrets.js';
import * as formats from './0004-formats.js';
import * as eventTypes from './0005-event-types.js';
import * as audit from './0009-audit.js';
import * as keyUses from './0008-key-uses.js';
import * as ownRows from './0006-own-rows.js';
import * as tenantGenerations from './0010-tenant-generations.js';
import * as erasures from './0011-erasures.js';

/** In order; what has been released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001-tenants-and-destinations': tenantsAndDestinations,
  '0002-filters-headers-and-secrets': filtersHeadersAndSecrets,
  '0003-api-keys': apiKeys,
  '0004-formats': formats,
  '0005-event-types': eventTypes,
  '0006-own-rows': ownRows,
  '0008-key-uses': keyUses,
  '0009-audit': audit,
  '0010-tenant-generations': tenantGenerations,
  '0011-erasures': erasures,
};
