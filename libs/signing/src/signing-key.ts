import type { Signing } from '#libs/contracts';

/** Signs `prefix` + `body`; the signature carries its version: `v1,…`. */
export interface SigningKey {
  readonly signing: Signing;
  /** What a receiver may know of a key that it must not have: `whpk_…`. */
  readonly publicKey?: string;
  sign(prefix: string, body: Buffer): string;
}
