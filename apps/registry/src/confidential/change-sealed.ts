import { defaultOverlapSeconds, type Signing, type Warning } from '#libs/contracts';
import type { DestinationRow } from '../registry.tables.js';
import { newSecret } from '../secrets/new-secret.js';
import type { Vault } from './vault.js';

export interface SealedChange {
  readonly url: string;
  readonly signing: Signing;
  /** A patch, as in changeHeaders; undefined changes no header. */
  readonly headers: object | null | undefined;
  /** Whether the caller may read the secrets of this destination. */
  readonly mayReadSecrets: boolean;
  readonly now: Date;
}

interface Changed {
  readonly changes: Partial<DestinationRow>;
  readonly warnings: Warning[];
}

/**
 * The sealed columns after a change of a destination. A caller who may not read secrets must not have them sent to a
 * server of its choice: with a new origin of the URL, headers that the change does not give are dropped, and a new
 * secret takes the place of all earlier ones at once.
 * @throws Problem `header_not_allowed`, `validation_failed`
 */
export function changeSealed(vault: Vault, row: DestinationRow, change: SealedChange): Changed {
  if (!change.mayReadSecrets && originOf(change.url) !== originOf(row.url))
    return replaceSealed(vault, row, change);
  const { headers, signing, now } = change;
  return {
    changes: {
      ...(headers !== undefined && { headers: vault.changeHeaders(row.id, row.headers, headers) }),
      // Another way to sign needs another secret. The old one signs along, so that the receiver can change over.
      ...(signing !== row.signing &&
        signBy(vault, row, { signing, now, overlapSeconds: defaultOverlapSeconds })),
    },
    warnings: [],
  };
}

function replaceSealed(vault: Vault, row: DestinationRow, { headers, signing, now }: SealedChange): Changed {
  const replaced = vault.replaceHeaders(row.id, row.headers, headers === undefined ? {} : headers);
  const reason = 'the URL has a new origin and the API key does not have the scope secrets:read';
  return {
    changes: { headers: replaced.headers, ...signBy(vault, row, { signing, now, overlapSeconds: 0 }) },
    warnings: [
      ...replaced.dropped.map((name) => ({
        path: `headers.${name}`,
        message: `was removed: ${reason}. Set the header again.`,
      })),
      {
        path: 'secret',
        message: `was replaced: ${reason}. Rotate the secret to get one, or read it with a key that may.`,
      },
    ],
  };
}

function signBy(
  vault: Vault,
  row: DestinationRow,
  { signing, now, overlapSeconds }: Pick<SealedChange, 'signing' | 'now'> & { overlapSeconds: number },
): Partial<DestinationRow> {
  const sealed = vault.signingSecret(row.id, signing);
  return newSecret(row, { sealed, overlapMs: overlapSeconds * 1000, now });
}

/** Returns scheme, host and port. A dot at the end of the host name is left out: it names the same host. */
function originOf(url: string): string {
  return new URL(url).origin.replace(/\.(?=(:\d+)?$)/, '');
}
