import type { DestinationPatch, NewDestination } from '#libs/contracts';
import type { DestinationRow } from '../registry.tables.js';
import { mergeFilter } from './merge-filter.js';
import { mergeMetadata } from './merge-metadata.js';

/** What a destination is unless its owner says otherwise. */
export const destinationDefaults = {
  description: '',
  event_types: ['#'],
  signing: 'hmac-sha256',
  format: 'standard',
  timeout_ms: 15_000,
  retry_schedule: null,
  max_concurrency: 10,
  rate_per_second: null,
  enabled: true,
  filter: null,
  metadata: {},
} as const;

type PlainSetting = Exclude<keyof typeof destinationDefaults, 'enabled' | 'filter' | 'metadata'>;
export type DestinationSettings = Pick<
  DestinationRow,
  PlainSetting | 'enabled' | 'filter' | 'metadata' | 'disabled_reason'
>;

/**
 * JSON merge patch (RFC 7396): an absent member leaves a column out of the result, null gives its default.
 * @throws Problem `validation_failed` if what is merged cannot be read.
 */
export function applyPatch(
  patch: DestinationPatch | NewDestination,
  before: Pick<DestinationRow, 'filter' | 'metadata'>,
): Partial<DestinationSettings & { url: string }> {
  const { url, enabled, filter, metadata } = patch;
  return {
    ...(url !== undefined && { url }),
    ...set('description', patch.description),
    ...set('event_types', patch.eventTypes),
    ...set('signing', patch.signing),
    ...set('format', patch.format),
    ...set('timeout_ms', patch.timeoutMs),
    ...set('retry_schedule', patch.retrySchedule),
    ...set('max_concurrency', patch.maxConcurrency),
    ...set('rate_per_second', patch.ratePerSecond),
    ...(filter !== undefined && { filter: mergeFilter(before.filter, filter) }),
    ...(metadata !== undefined && { metadata: mergeMetadata(before.metadata, metadata) }),
    ...(enabled !== undefined && {
      enabled: enabled ?? destinationDefaults.enabled,
      disabled_reason: enabled === false ? 'disabled by its owner' : null,
    }),
  };
}

function set<Column extends PlainSetting>(
  column: Column,
  value: DestinationSettings[Column] | null | undefined,
): Partial<DestinationSettings> {
  return value === undefined ? {} : { [column]: value ?? destinationDefaults[column] };
}
