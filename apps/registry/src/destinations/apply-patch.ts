import type { DestinationPatch } from '#libs/contracts';
import type { DestinationRow } from '../registry.tables.js';

/** What a destination is unless its owner says otherwise. */
export const destinationDefaults = {
  description: '',
  event_types: ['#'],
  timeout_ms: 15_000,
  enabled: true,
  metadata: {},
} as const;

export type DestinationSettings = Pick<
  DestinationRow,
  'description' | 'event_types' | 'timeout_ms' | 'enabled' | 'disabled_reason' | 'metadata'
>;

/** JSON merge patch (RFC 7396): an absent member leaves a column out of the result, null gives its default. */
export function applyPatch(patch: DestinationPatch): Partial<DestinationSettings & { url: string }> {
  const { url, description, eventTypes, timeoutMs, enabled, metadata } = patch;
  return {
    ...(url !== undefined && { url }),
    ...set('description', description),
    ...set('event_types', eventTypes),
    ...set('timeout_ms', timeoutMs),
    ...set('metadata', metadata),
    ...(typeof enabled === 'boolean' && {
      enabled,
      disabled_reason: enabled ? null : 'disabled by its owner',
    }),
  };
}

function set<Column extends 'description' | 'event_types' | 'timeout_ms' | 'metadata'>(
  column: Column,
  value: DestinationSettings[Column] | null | undefined,
): Partial<DestinationSettings> {
  return value === undefined ? {} : { [column]: value ?? destinationDefaults[column] };
}
