import type { DestinationPatch } from '#libs/contracts';
import type { DestinationRow } from '../registry.tables.js';

/** What a destination is unless its owner says otherwise. */
export const destinationDefaults = {
  description: '',
  event_types: ['#'],
  timeout_ms: 15_000,
  retry_schedule: null,
  max_concurrency: 10,
  rate_per_second: null,
  enabled: true,
  metadata: {},
} as const;

type PlainSetting = Exclude<keyof typeof destinationDefaults, 'enabled'>;
export type DestinationSettings = Pick<DestinationRow, PlainSetting | 'enabled' | 'disabled_reason'>;

/** JSON merge patch (RFC 7396): an absent member leaves a column out of the result, null gives its default. */
export function applyPatch(patch: DestinationPatch): Partial<DestinationSettings & { url: string }> {
  const { url, enabled } = patch;
  return {
    ...(url !== undefined && { url }),
    ...set('description', patch.description),
    ...set('event_types', patch.eventTypes),
    ...set('timeout_ms', patch.timeoutMs),
    ...set('retry_schedule', patch.retrySchedule),
    ...set('max_concurrency', patch.maxConcurrency),
    ...set('rate_per_second', patch.ratePerSecond),
    ...set('metadata', patch.metadata),
    ...(typeof enabled === 'boolean' && {
      enabled,
      disabled_reason: enabled ? null : 'disabled by its owner',
    }),
  };
}

function set<Column extends PlainSetting>(
  column: Column,
  value: DestinationSettings[Column] | null | undefined,
): Partial<DestinationSettings> {
  return value === undefined ? {} : { [column]: value ?? destinationDefaults[column] };
}
