import type { DeliveryRequested } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Attempt } from './report.js';

type Numbered = Pick<DeliveryRequested, 'deliveryId' | 'attempt'>;

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
  readonly #made = new LRUCache<string, Attempt>({
    max: maxKept,
    maxSize: maxKeptBytes,
    sizeCalculation: ({ body }) => body.length + attemptBytes,
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
    if (made) return Promise.resolve(made);
    const making = this.#inHand.get(key) ?? make().finally(() => this.#inHand.delete(key));
    this.#inHand.set(key, making);
    return making.then((attempt) => {
      this.#made.set(key, attempt);
      return attempt;
    });
  }
}

function keyOf({ deliveryId, attempt }: Numbered): string {
  return `${deliveryId}/${attempt}`;
}
