import { parseDuration } from '#libs/config';
import { create, type Destination, DestinationChanged, publicTenantId } from '#libs/contracts';
import { shownHeaders } from '../confidential/change-headers.js';
import type { DestinationRow } from '../registry.tables.js';

/** What the API shows of a row. */
export function destinationOf(row: DestinationRow): Destination {
  return {
    id: row.id,
    tenantId: publicTenantId(row.tenant_id),
    type: 'webhook',
    url: row.url,
    description: row.description,
    eventTypes: row.event_types,
    filter: row.filter,
    ...shownHeaders(row.headers),
    format: row.format,
    signing: row.signing,
    timeoutMs: row.timeout_ms,
    retrySchedule: row.retry_schedule,
    maxConcurrency: row.max_concurrency,
    ratePerSecond: row.rate_per_second,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    metadata: row.metadata,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** What the other services are told of a row. */
export function changeOf(row: DestinationRow, { deleted } = { deleted: false }): DestinationChanged {
  return create(DestinationChanged, {
    destinationId: row.id,
    tenantId: row.tenant_id,
    version: row.version,
    renewedVersion: row.renewed_version,
    deleted,
    enabled: row.enabled,
    url: row.url,
    eventTypes: row.event_types,
    format: row.format,
    timeoutMs: row.timeout_ms,
    maxConcurrency: row.max_concurrency,
    ...(row.retry_schedule !== null && { retryScheduleMs: row.retry_schedule.map(millisecondsOf) }),
    ...(row.rate_per_second !== null && { ratePerSecond: row.rate_per_second }),
    ...(row.filter !== null && { filter: row.filter }),
    ...(deleted ? { sealedSecrets: [] } : confidencesOf(row)),
  });
}

/** A deletion is one more version, so that it outranks whatever change may still be on its way. */
export function deletionOf(row: DestinationRow): DestinationChanged {
  return changeOf({ ...row, version: row.version + 1 }, { deleted: true });
}

/** Nobody needs them of a destination that is gone. */
function confidencesOf(row: DestinationRow) {
  return {
    sealedSecrets: row.sealed_secrets,
    ...(row.retiring_secrets.length > 0 && { retiringSecrets: row.retiring_secrets }),
    ...(row.headers.length > 0 && { headers: row.headers }),
  };
}

/** Checked when it was taken in. */
function millisecondsOf(duration: string): number {
  return parseDuration(duration) ?? 0;
}
