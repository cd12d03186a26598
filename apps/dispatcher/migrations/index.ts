import type { Migration } from '#libs/persistence';
import * as destinations from './0001-destinations.js';
import * as limits from './0002-limits.js';
import * as headersAndRetiringSecrets from './0003-headers-and-retiring-secrets.js';
import * as formats from './0004-formats.js';
import * as erasures from './0006-erasures.js';

/** In order; what has been released is never changed, only followed. */
export const migrations: Record<string, Migration> = {
  '0001-destinations': destinations,
  '0002-limits': limits,
  '0003-headers-and-retiring-secrets': headersAndRetiringSecrets,
  '0004-formats': formats,
  '0006-erasures': erasures,
};
