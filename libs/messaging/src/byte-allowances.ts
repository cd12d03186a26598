import { LRUCache } from 'lru-cache';

/** What of one tenant may wait in RabbitMQ for the dispatchers at once, and how fast more of it may follow. */
const defaults = { burstBytes: 16 * 1024 * 1024, bytesPerSecond: 32 * 1024 * 1024 };
/** Of tenants that publish at the same time. One that is forgotten begins with a full allowance. */
const maxTenants = 10_000;

/** What a message takes beside its body, roughly. */
const overheadBytes = 500;

/** What a request for a delivery with this body takes in RabbitMQ. */
export function bytesOnTheWay(bodyLength: number): number {
  return bodyLength + overheadBytes;
}

interface Used {
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * Bounds the bytes that one process publishes to the dispatchers for each tenant: copies of a large payload for many
 * destinations would fill RabbitMQ, which then blocks all publishers. What is over it waits in Postgres.
 */
export class ByteAllowances {
  readonly #used = new LRUCache<string, Used>({ max: maxTenants });

  constructor(private readonly limits = defaults) {}

  /** @returns how many of these messages of equal size may be published now; one at least where nothing else was. */
  grant(tenantId: string, bytesOfOne: number, wanted: number, nowMs = performance.now()): number {
    const used = this.#usedNow(tenantId, nowMs);
    const room = Math.floor((this.limits.burstBytes - used) / bytesOfOne);
    const granted = Math.min(wanted, Math.max(room, used === 0 ? 1 : 0));
    if (granted > 0) this.#used.set(tenantId, { bytes: used + granted * bytesOfOne, atMs: nowMs });
    return granted;
  }

  /** @returns in how many milliseconds there is room for so many bytes, if nothing else is published meanwhile. */
  waitMs(tenantId: string, bytes: number, nowMs = performance.now()): number {
    const over = this.#usedNow(tenantId, nowMs) + bytes - this.limits.burstBytes;
    return Math.max(0, (over * 1000) / this.limits.bytesPerSecond);
  }

  #usedNow(tenantId: string, nowMs: number): number {
    const used = this.#used.get(tenantId);
    if (!used) return 0;
    return Math.max(0, used.bytes - ((nowMs - used.atMs) * this.limits.bytesPerSecond) / 1000);
  }
}
