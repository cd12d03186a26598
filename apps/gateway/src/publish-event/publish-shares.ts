/** After so long, what a tenant has published counts half. */
const halfLifeMs = 1000;
/** Less than this is nothing. */
const least = 0.001;
/** How much more than the mean of all tenants is a large share. */
const large = 1.5;

/** What each tenant has published of late, in any unit, compared with the other tenants that publish at the time. */
export class PublishShares {
  readonly #used = new Map<string, number>();
  #total = 0;
  #decayedAtMs = performance.now();

  note(tenantId: string, amount: number): void {
    this.#used.set(tenantId, (this.#used.get(tenantId) ?? 0) + amount);
    this.#total += amount;
  }

  /** Also true for the only one. */
  isLarge(tenantId: string): boolean {
    const used = this.#used.get(tenantId) ?? 0;
    const tenants = this.#used.size;
    return tenants === 1 || used > (large * this.#total) / tenants;
  }

  /** To be called from time to time. */
  decay(nowMs: number): void {
    const factor = 0.5 ** ((nowMs - this.#decayedAtMs) / halfLifeMs);
    this.#decayedAtMs = nowMs;
    this.#total = 0;
    for (const [tenantId, used] of this.#used) {
      const left = used * factor;
      if (left < least) this.#used.delete(tenantId);
      else this.#used.set(tenantId, left);
      if (left >= least) this.#total += left;
    }
  }
}
