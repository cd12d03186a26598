import { Problem } from '#libs/contracts';
import type { Fate } from './fate-of.js';

/** Why something that was asked for by name cannot go again; undefined if it can, or is on its way already. */
export function refusalOf(fate: Fate | undefined): Problem | undefined {
  if (fate === 'deleted')
    return new Problem('destination_deleted', 'The destination was deleted: nothing goes there any more.');
  if (fate === 'expired') return payloadExpired();
  return undefined;
}

export function payloadExpired(): Problem {
  return new Problem(
    'payload_expired',
    'The payload is past its retention (PAYLOAD_RETENTION), or was erased: there is nothing left to send. Publish the event again under another id.',
  );
}
