import type { DeliveryRequested } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Attempt } from './report.js';

type Numbered = Pick<DeliveryRequested, 'deliveryId' | 'attempt'>;

/**
 * The start of the answer as text of one byte a character: a buffer of two bytes costs more than the rest together, and
 * keeps the 8 KiB from which Node has cut it.
 */
type Kept = Omit<Attempt, 'body'> & { readonly bodyLatin1: string };

const maxKept = 50_000;
const maxKeptBytes = 32 * 1024 * 1024;
/** Beside the start of the endpoint's answer. */
const attemptBytes = 300;

/**
 * What this process has tried of late. A router or ledger that died before it could acknowledge asks for the same
 * attempt again: then the endpoint is left alone, and the report is made again. What it says of the request is not kept.
 */
@Injectable()
export class RecentAttempts {
  readonly #made = new LRUCache<string, Kept>({
    max: maxKept,
    maxSize: maxKeptBytes,
    sizeCalculation: ({ bodyLatin1 }) => bodyLatin1.length + attemptBytes,
  });
  readonly #inHand = new Map<string, Promise<Attempt>>();

  /** Whether `once` would make nothing. */
  has(request: Numbered): boolean {
    const key = keyOf(request);
    return this.#made.has(key) || this.#inHand.has(key);
  }

  once(request: Numbered, make: () => Promise<Attempt>): Promise<Attempt> {
    const key = keyOf(request);
    const made = this.#made.get(key);
    if (made) return Promise.resolve(asMade(made));
    const making = this.#inHand.get(key) ?? make().finally(() => this.#inHand.delete(key));
    this.#inHand.set(key, making);
    return making.then((attempt) => {
      this.#made.set(key, asKept(attempt));
      return attempt;
    });
  }
}

function asKept({ body, ...attempt }: Attempt): Kept {
  return { ...attempt, bodyLatin1: body.toString('latin1') };
}

function asMade({ bodyLatin1, ...attempt }: Kept): Attempt {
  return { ...attempt, body: Buffer.from(bodyLatin1, 'latin1') };
}

function keyOf({ deliveryId, attempt }: Numbered): string {
  return `${deliveryId}/${attempt}`;
}
