import type { DeliveryAttempted, DeliveryRequested } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

type Numbered = Pick<DeliveryRequested, 'deliveryId' | 'attempt'>;

const maxKept = 50_000;
const maxKeptBytes = 32 * 1024 * 1024;
/** Of a report, beside the start of the endpoint's answer. */
const reportBytes = 500;

/**
 * What this process has tried of late. A router or ledger that died before it could acknowledge asks for the same
 * attempt again: then the endpoint is left alone, and the report is made again.
 */
@Injectable()
export class RecentAttempts {
  readonly #made = new LRUCache<string, DeliveryAttempted>({
    max: maxKept,
    maxSize: maxKeptBytes,
    sizeCalculation: ({ body }) => body.length + reportBytes,
  });
  readonly #inHand = new Map<string, Promise<DeliveryAttempted>>();

  /** Whether `once` would make nothing. */
  has(request: Numbered): boolean {
    const key = keyOf(request);
    return this.#made.has(key) || this.#inHand.has(key);
  }

  once(request: Numbered, make: () => Promise<DeliveryAttempted>): Promise<DeliveryAttempted> {
    const key = keyOf(request);
    const made = this.#made.get(key);
    if (made) return Promise.resolve(made);
    const making = this.#inHand.get(key) ?? make().finally(() => this.#inHand.delete(key));
    this.#inHand.set(key, making);
    return making.then((report) => {
      this.#made.set(key, report);
      return report;
    });
  }
}

function keyOf({ deliveryId, attempt }: Numbered): string {
  return `${deliveryId}/${attempt}`;
}
