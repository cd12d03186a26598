import { setTimeout as delay } from 'node:timers/promises';
import { Gauge } from 'prom-client';
import type { Described } from './instruments.js';

/** One value, or one for each set of label values. */
type Reading = number | readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];

export type Read<Name extends string> = Readonly<Partial<Record<Name, Reading>>>;

const deadlineMs = 3000;
/** One scrape asks once for all gauges of a question. */
const oneScrapeMs = 50;

/**
 * Gauges that one question answers, asked when they are scraped and no more often than each `everyMs`, however many
 * scrape. What is not answered in time is not shown: a gap tells more than a value that was true once.
 */
export class Readings<Name extends string> {
  readonly #gauges: ReadonlyMap<string, { readonly gauge: Gauge; readonly isSingle: boolean }>;
  #question: (() => Read<Name> | Promise<Read<Name>>) | undefined;
  #answer: Promise<void> | undefined;
  #askedAtMs = -Infinity;

  constructor(
    described: Readonly<Record<Name, Described<string>>>,
    private readonly everyMs = oneScrapeMs,
  ) {
    const collect = (): Promise<void> => this.#collect();
    this.#gauges = new Map(
      Object.entries<Described<string>>(described).map(([key, { name, help, labels = [] }]) => [
        key,
        {
          gauge: new Gauge({ name, help, labelNames: [...labels], collect }),
          isSingle: labels.length === 0,
        },
      ]),
    );
  }

  /** From here on this is what is asked. */
  from(question: () => Read<Name> | Promise<Read<Name>>): void {
    this.#question = question;
  }

  #collect(): Promise<void> {
    const isFresh = performance.now() - this.#askedAtMs < this.everyMs;
    if (!this.#answer || !isFresh) {
      this.#askedAtMs = performance.now();
      this.#answer = this.#ask();
    }
    return this.#answer;
  }

  async #ask(): Promise<void> {
    const late = new AbortController();
    const expired = delay(deadlineMs, undefined, { signal: late.signal }).catch(() => undefined);
    const read = await Promise.race([this.#read(), expired]);
    late.abort();
    for (const [key, { gauge, isSingle }] of this.#gauges) {
      // A reset gauge without labels would show 0.
      if (isSingle) gauge.remove();
      else gauge.reset();
      show(gauge, read?.[key as Name]);
    }
  }

  async #read(): Promise<Read<Name> | undefined> {
    try {
      return await this.#question?.();
    } catch {
      return undefined;
    }
  }
}

function show(gauge: Gauge, reading: Reading | undefined): void {
  if (typeof reading === 'number') gauge.set(reading);
  else for (const [labels, value] of reading ?? []) gauge.set(labels, value);
}
