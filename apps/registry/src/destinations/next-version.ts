import type { DestinationRow } from '../registry.tables.js';

/** A change is one more version. Enabling and another URL renew the destination: what was said of it before is void. */
export function nextVersion(row: DestinationRow, changes: Partial<DestinationRow>): Partial<DestinationRow> {
  const version = row.version + 1;
  const { enabled = row.enabled, url = row.url } = changes;
  const isRenewed = (enabled && !row.enabled) || url !== row.url;
  return { ...changes, version, renewed_version: isRenewed ? version : row.renewed_version };
}
