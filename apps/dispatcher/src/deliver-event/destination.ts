import type { Secret } from '#libs/config';
import type { DestinationFormat } from '#libs/contracts';

/** A destination as an attempt needs it: secrets open. */
export interface Destination {
  readonly destinationId: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly enabled: boolean;
  /** Whether the master keys of this process open its secrets; if not, it has none here. */
  readonly readable: boolean;
  readonly url: string;
  readonly format: DestinationFormat;
  readonly timeoutMs: number;
  /** Attempts under way at once, all dispatchers together. */
  readonly maxConcurrency: number;
  /** Attempts begun in a second, all dispatchers together. */
  readonly ratePerSecond: number | undefined;
  readonly circuit: Circuit;
  /** Newest first; all of them sign. */
  readonly secrets: readonly Secret[];
  /** Its own headers: names and values. */
  readonly headers: readonly (readonly [name: string, value: Secret])[];
}

/** While it is open, the destination is left alone but for probes. */
export interface Circuit {
  /** 0 for one that never opened. */
  readonly version: number;
  readonly isOpen: boolean;
}
