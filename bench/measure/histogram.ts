/** Each power of two is split into so many buckets: a value is known to a tenth of a percent. */
const perPower = 1024;
const unitsPerMs = 1000;
/** 99.9 % of 1,000 is 999, also in binary. */
const roundingError = 1e-6;

export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts durations by size as HdrHistogram does: in bounded memory, to the same relative precision at every size. */
export class Histogram {
  readonly #counts: number[] = [];
  #count = 0;
  #maxMs = 0;

  record(ms: number): void {
    const bucket = bucketOf(Math.max(0, Math.round(ms * unitsPerMs)));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /** The size that `percent` of the durations do not exceed, in ms; 0 if there are none. */
  percentile(percent: number): number {
    const rank = Math.max(1, Math.ceil((percent * this.#count) / 100 - roundingError));
    let seen = 0;
    for (const [bucket, count] of Object.entries(this.#counts)) {
      seen += count;
      if (seen >= rank) return Math.min(largestOf(Number(bucket)) / unitsPerMs, this.#maxMs);
    }
    return 0;
  }

  get summary(): Percentiles {
    return {
      count: this.#count,
      p50: this.percentile(50),
      p95: this.percentile(95),
      p99: this.percentile(99),
      max: this.#maxMs,
    };
  }
}

/** Small values have a bucket each; from there on one bucket takes 2, 4, 8 … values. */
function bucketOf(value: number): number {
  const doublings = Math.max(0, Math.floor(Math.log2(Math.max(1, value) / perPower)));
  return doublings * perPower + Math.floor(value / 2 ** doublings);
}

function largestOf(bucket: number): number {
  const doublings = Math.max(0, Math.floor(bucket / perPower) - 1);
  return (bucket - doublings * perPower + 1) * 2 ** doublings - 1;
}
