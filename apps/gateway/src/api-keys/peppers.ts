import { createHash, createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../gateway.config.js';

interface Pepper {
  /** Says which pepper a hash was made with; says nothing of the pepper. */
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Hashes API keys. The pepper is the gateways' alone: who can write to the database, or to the broker, still cannot
 * make a key that a gateway would accept.
 */
@Injectable()
export class Peppers {
  readonly #newest: Pepper;
  readonly #byId: ReadonlyMap<string, Pepper>;

  constructor({ POSTHORN_KEY_PEPPER, POSTHORN_ROOT_KEY }: GatewayConfig) {
    const newest = pepperOf((POSTHORN_KEY_PEPPER[0] ?? POSTHORN_ROOT_KEY).reveal());
    const others = POSTHORN_KEY_PEPPER.slice(1).map((secret) => pepperOf(secret.reveal()));
    this.#newest = newest;
    this.#byId = new Map([newest, ...others].map((pepper) => [pepper.id, pepper]));
  }

  get newestId(): string {
    return this.#newest.id;
  }

  /** With the newest pepper. */
  hash(keyText: string): { readonly hash: string; readonly pepperId: string } {
    const { id, key } = this.#newest;
    return { hash: hmac(key, keyText).toString('base64'), pepperId: id };
  }

  /** @returns undefined if the pepper is not configured any more: what was hashed with it works no longer. */
  hashWith(pepperId: string, keyText: string): Buffer | undefined {
    const pepper = this.#byId.get(pepperId);
    return pepper && hmac(pepper.key, keyText);
  }
}

function pepperOf(text: string): Pepper {
  const key = hmac(Buffer.from(text), 'posthorn api keys');
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
