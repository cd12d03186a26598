import { type AuditEntry, changedFields } from '#libs/audit';
import type { Actor } from '#libs/contracts';
import { mask } from '../confidential/change-headers.js';
import type { DestinationRow } from '../registry.tables.js';
import { destinationOf } from './destination-of.js';

export interface DestinationChange {
  readonly actor: Actor | undefined;
  readonly before?: DestinationRow | undefined;
  readonly after?: DestinationRow | undefined;
  /** Where the fields alone do not say what was done. */
  readonly action?: string;
}

/** @returns undefined for a change of nothing that an audit record shows. */
export function auditDestination({
  actor,
  before,
  after,
  action,
}: DestinationChange): AuditEntry | undefined {
  const row = after ?? before;
  const changed = changedFields(comparedFields(before), comparedFields(after));
  if (!row || !changed) return undefined;
  return {
    actor,
    action: action ?? actionOf(changed),
    object: { type: 'destination', id: row.id },
    tenantId: row.tenant_id,
    before: shown(changed.before),
    after: shown(changed.after),
  };
}

type Fields = Readonly<Record<string, unknown>>;

const plainFields = [
  ...([
    'url',
    'description',
    'eventTypes',
    'filter',
    'format',
    'signing',
    'timeoutMs',
    'retrySchedule',
  ] as const),
  ...(['maxConcurrency', 'ratePerSecond', 'enabled', 'disabledReason', 'metadata'] as const),
];

/** With sealed texts, which differ where a value may differ. They are not for showing. */
function comparedFields(row: DestinationRow | undefined): Fields | undefined {
  if (!row) return undefined;
  const destination = destinationOf(row);
  return {
    ...Object.fromEntries(plainFields.map((name) => [name, destination[name]])),
    ...Object.fromEntries(row.headers.map(({ name, value, sealed }) => [`headers.${name}`, sealed ?? value])),
    secret: row.sealed_secrets[0],
  };
}

function shown(fields: Fields | undefined): Fields | undefined {
  return (
    fields &&
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, shownValue(name, value)]))
  );
}

function shownValue(name: string, value: unknown): unknown {
  if (name === 'secret' || name.startsWith('headers.')) return mask;
  return name === 'url' ? withoutQuery(String(value)) : value;
}

/** The query of a URL is often a secret. */
function withoutQuery(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return origin + pathname + (search === '' ? '' : `?${mask}`);
}

const switchFields = new Set(['enabled', 'disabledReason']);

function actionOf({ before, after }: { before?: Fields; after?: Fields }): string {
  if (!before) return 'destination.created';
  if (!after) return 'destination.deleted';
  const isSwitch = [before, after].every((fields) =>
    Object.keys(fields).every((name) => switchFields.has(name)),
  );
  if (!isSwitch || after['enabled'] === before['enabled']) return 'destination.updated';
  return after['enabled'] === true ? 'destination.enabled' : 'destination.disabled';
}
