import type { Plan, Published } from './generator/plan.js';
import { Histogram, type Percentiles } from './measure/histogram.js';
import type { Memory } from './measure/processes.js';
import type { Arrivals } from './sink/arrivals.js';

/** One load on one subject. */
export interface Measurement extends Memory {
  readonly deliveriesPerS: number;
  readonly publish: Percentiles;
  readonly receipt: Percentiles;
  readonly cpuSPer1000: Readonly<Record<string, number>>;
  readonly walBytesPerDelivery: number;
  readonly refused: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly unexpected: number;
  /** How long after the last publish nothing waited in any queue any more. */
  readonly booksBehindMs: number;
  readonly faults: readonly string[];
}

/** The part of a load that is measured. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Rates by what arrived within the span, latencies by what was to be published within it. */
export function timesOf(
  { fanOut }: Pick<Plan, 'fanOut'>,
  published: Published,
  { times }: Arrivals,
  span: Span,
) {
  const tally = new Tally(span);
  for (const [event, intended] of published.intendedMs.entries()) {
    const acknowledged = published.acknowledgedMs[event] ?? NaN;
    tally.published(intended, acknowledged);
    for (let delivery = event * fanOut; delivery < (event + 1) * fanOut; delivery++)
      tally.arrived(intended, acknowledged, times[delivery] ?? NaN);
  }
  return tally.result;
}

class Tally {
  readonly #publish = new Histogram();
  readonly #receipt = new Histogram();
  #arrived = 0;
  #lost = 0;

  constructor(private readonly span: Span) {}

  published(intended: number, acknowledged: number): void {
    if (this.#isWithin(intended) && !Number.isNaN(acknowledged))
      this.#publish.record(acknowledged - intended);
  }

  arrived(intended: number, acknowledged: number, arrival: number): void {
    if (Number.isNaN(arrival)) {
      // What was refused may be nowhere.
      if (!Number.isNaN(acknowledged)) this.#lost++;
      return;
    }
    if (this.#isWithin(arrival)) this.#arrived++;
    if (this.#isWithin(intended)) this.#receipt.record(arrival - intended);
  }

  get result() {
    return {
      arrived: this.#arrived,
      lost: this.#lost,
      deliveriesPerS: (this.#arrived * 1000) / (this.span.toMs - this.span.fromMs),
      publish: this.#publish.summary,
      receipt: this.#receipt.summary,
    };
  }

  #isWithin(ms: number): boolean {
    return ms >= this.span.fromMs && ms < this.span.toMs;
  }
}
