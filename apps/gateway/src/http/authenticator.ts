import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { keyIdOf } from '../api-keys/key-text.js';
import { KnownApiKeys, type KnownKey } from '../api-keys/known-api-keys.js';
import { Peppers } from '../api-keys/peppers.js';
import { GatewayConfig } from '../gateway.config.js';
import { type AuthFailure, countAuthFailure } from './auth-metrics.js';
import type { Caller } from './caller.js';

const root: Caller = { keyId: 'root', scopes: ['admin'], tenantId: undefined, expiresAtMs: undefined };
/** What a key that does not exist is compared with, so that it takes the time of one that does. */
const nothing = Buffer.alloc(32);

/** Tells who calls, from memory alone. Digests are compared, so that the time it takes tells nothing of a key. */
@Injectable()
export class Authenticator {
  readonly #rootKey: Buffer;

  constructor(
    config: GatewayConfig,
    private readonly keys: KnownApiKeys,
    private readonly peppers: Peppers,
  ) {
    this.#rootKey = digest(config.POSTHORN_ROOT_KEY.reveal());
  }

  /** `authorization` is the header of that name. @returns the reason where it is nobody whom we know. */
  authenticate(authorization: string | undefined): Caller | Problem {
    const text = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    if (text === undefined) {
      const reason = authorization === undefined ? 'missing' : 'malformed';
      return refuse(reason, 'Send the header "Authorization: Bearer <key>".');
    }
    if (timingSafeEqual(digest(text), this.#rootKey)) return root;
    const keyId = keyIdOf(text);
    if (keyId === undefined) return refuse('malformed', 'This is not a key, or not a whole one.');
    return this.#callerOf(keyId, text);
  }

  #callerOf(keyId: string, text: string): Caller | Problem {
    const key = this.keys.find(keyId);
    if (!this.#isRight(key, text) || !key) {
      if (this.keys.isLoaded)
        return refuse(this.keys.isRevoked(keyId) ? 'revoked' : 'unknown', 'This key is not known.');
      return new Problem('unavailable', 'The keys are not known yet: try again.');
    }
    if (key.expiresAtMs !== undefined && key.expiresAtMs <= Date.now())
      return refuse('expired', 'This key has expired.');
    return key;
  }

  /** Never of a key that does not exist: no text has a hash of zeros. */
  #isRight(key: KnownKey | undefined, text: string): boolean {
    const hash = this.peppers.hashWith(key?.pepperId ?? this.peppers.newestId, text);
    return hash !== undefined && timingSafeEqual(hash, key?.hash ?? nothing);
  }
}

/** The answer does not say whether a key was revoked or never was: the metric does. */
function refuse(reason: AuthFailure, detail: string): Problem {
  countAuthFailure(reason);
  return new Problem('unauthenticated', detail);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
