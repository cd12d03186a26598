import { create, EventAccepted, isProblem } from '#libs/contracts';
import { validateSync } from 'class-validator';
import type { Envelope } from '../../../apps/gateway/src/publish-event/read-envelope.js';

const now = '2026-01-01T00:00:00.000Z';

/** What the gateway accepts has to pass the contract of the message that it publishes. Takes a problem for an answer, too. */
export function contractFault(answer: unknown): string | undefined {
  if (isProblem(answer)) return undefined;
  const envelope = answer as Envelope;
  const faults = validateSync(acceptedFrom(envelope), { forbidUnknownValues: false });
  if (faults.length > 0)
    return `accepted what its contract refuses: ${JSON.stringify(faults[0]?.constraints)}`;
  return isObject(envelope.cloudEvent ?? '{}') ? undefined : 'kept attributes that are no JSON object';
}

function acceptedFrom({ id = 'evt_1', type, timestamp = now, data, ...more }: Envelope): EventAccepted {
  const { contentType, cloudEvent } = more;
  return create(EventAccepted, {
    tenantId: 't',
    eventId: id,
    eventType: type,
    timestamp,
    acceptanceId: 'acc_1',
    acceptedAt: now,
    source: 'http',
    ...(contentType !== undefined && { contentType }),
    ...(cloudEvent !== undefined && { cloudEvent }),
    body: data,
  });
}

function isObject(text: string): boolean {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
