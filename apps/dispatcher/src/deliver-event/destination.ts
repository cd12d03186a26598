import type { Secret } from '#libs/config';

/** A destination as an attempt needs it: secrets open. */
export interface Destination {
  readonly destinationId: string;
  readonly version: number;
  readonly deleted: boolean;
  readonly enabled: boolean;
  readonly url: string;
  readonly timeoutMs: number;
  /** Newest first; all of them sign. */
  readonly secrets: readonly Secret[];
}
