import { Secret } from '#libs/config';
import type { DestinationHeader } from '#libs/contracts';
import type { Row } from '#libs/persistence';
import type { Sealer } from '#libs/sealing';
import type { DispatcherTables } from '../dispatcher.tables.js';
import type { Destination } from './destination.js';

/** A destination at one version, opened: what of it is good at which moment is worked out for each attempt. */
export interface Opened extends Omit<Destination, 'circuit' | 'secrets'> {
  /** Newest first. */
  readonly signing: readonly { readonly secret: Secret; readonly validUntilMs: number }[];
}

type DestinationRow = Row<DispatcherTables['destinations']>;

/** @throws what libs/sealing does, naming the master key that is missing. */
export function openDestination(row: DestinationRow, sealer: Sealer): Opened {
  const id = row.destination_id;
  return {
    ...unopened(row),
    readable: true,
    signing: [
      ...row.sealed_secrets.map((sealed) => ({
        secret: sealer.open(sealed, id),
        validUntilMs: Number.POSITIVE_INFINITY,
      })),
      ...row.retiring_secrets.map(({ sealed, validUntil }) => ({
        secret: sealer.open(sealed, id),
        validUntilMs: Date.parse(validUntil),
      })),
    ],
    headers: row.headers.map((header) => [header.name, openHeader(header, id, sealer)] as const),
  };
}

/** A destination whose secrets no master key opens: nothing is sent to it. */
export function unopened(row: DestinationRow): Opened {
  return {
    destinationId: row.destination_id,
    version: row.version,
    deleted: row.deleted,
    enabled: row.enabled,
    url: row.url,
    format: row.format,
    timeoutMs: row.timeout_ms,
    maxConcurrency: row.max_concurrency,
    ratePerSecond: row.rate_per_second ?? undefined,
    readable: false,
    signing: [],
    headers: [],
  };
}

/** What still signs. `nowMs` is by Postgres' clock: this process' own may be wrong by a day. */
export function signingAt({ signing }: Pick<Opened, 'signing'>, nowMs: number): Secret[] {
  return signing.filter(({ validUntilMs }) => validUntilMs > nowMs).map(({ secret }) => secret);
}

function openHeader({ name, value = '', sealed }: DestinationHeader, id: string, sealer: Sealer): Secret {
  return sealed === undefined ? new Secret(value) : sealer.open(sealed, `${id} ${name.toLowerCase()}`);
}
