import type { ApiKeyChanged, ApiScope } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** Ids of revoked keys that are kept to count the requests with them. */
const maxRevokedIds = 10_000;

export interface KnownKey {
  readonly keyId: string;
  readonly version: number;
  readonly hash: Buffer;
  readonly pepperId: string;
  readonly scopes: readonly ApiScope[];
  readonly tenantId: string | undefined;
  readonly expiresAtMs: number | undefined;
}

/**
 * The API keys, in memory: authentication asks nobody. The registry bounds how many there are. Changes come in any
 * order and more than once, by message and in answers to questions; the newest of each key counts.
 */
@Injectable()
export class KnownApiKeys {
  #keys = new Map<string, KnownKey>();
  /** Of keys that were revoked after `version`, so that an older change that comes late does not bring one back. */
  readonly #revoked = new Map<string, number>();
  /** Ids of keys that were revoked, the latest: they decide nothing. */
  readonly #revokedIds = new LRUCache<string, true>({ max: maxRevokedIds });
  #version = 0;
  #isLoaded = false;

  /** All changes up to this one are known. */
  get version(): number {
    return this.#version;
  }

  /** Whether all keys were read at least once. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  find(keyId: string): KnownKey | undefined {
    return this.#keys.get(keyId);
  }

  /** Whether this key was revoked, as far as that is remembered. For a metric only. */
  isRevoked(keyId: string): boolean {
    return this.#revokedIds.has(keyId);
  }

  apply(change: ApiKeyChanged): void {
    const { keyId, version, revoked } = change;
    const known = this.#keys.get(keyId)?.version ?? this.#revoked.get(keyId) ?? 0;
    if (version <= known || version <= this.#version) return;
    if (revoked) {
      this.#keys.delete(keyId);
      this.#revoked.set(keyId, version);
      this.#revokedIds.set(keyId, true);
    } else this.#keys.set(keyId, keyOf(change));
  }

  /** All changes up to this version have been applied. */
  reach(version: number): void {
    this.#version = version;
    for (const [keyId, revokedIn] of this.#revoked) if (revokedIn <= version) this.#revoked.delete(keyId);
  }

  /** Takes the place of what was known; a change that is newer, and came meanwhile by message, is kept. */
  replace(changes: readonly ApiKeyChanged[], version: number): void {
    // Fewer changes than were known: another database, or one that was restored. Nothing of the old one counts.
    if (version < this.#version) {
      this.#keys.clear();
      this.#revoked.clear();
    }
    for (const { keyId, revoked } of changes) if (revoked) this.#revokedIds.set(keyId, true);
    const newer = [...this.#keys.values()].filter((key) => key.version > version);
    const all = new Map(
      changes.filter(({ revoked }) => !revoked).map((change) => [change.keyId, keyOf(change)]),
    );
    for (const key of newer) all.set(key.keyId, key);
    for (const [keyId, revokedIn] of this.#revoked) if (revokedIn > version) all.delete(keyId);
    this.#keys = all;
    this.reach(version);
    this.#isLoaded = true;
  }
}

function keyOf({ keyId, version, hash, pepperId, scopes, tenantId, expiresAt }: ApiKeyChanged): KnownKey {
  return {
    keyId,
    version,
    hash: Buffer.from(hash, 'base64'),
    pepperId,
    scopes,
    tenantId,
    expiresAtMs: expiresAt === undefined ? undefined : Date.parse(expiresAt),
  };
}
