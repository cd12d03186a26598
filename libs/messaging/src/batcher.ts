/**
 * Collects what arrives while the last batch is being worked on, and for as long after that as it may wait: the busier
 * the queue, the fuller the batches. One batch at a time.
 */
export class Batcher<Item> {
  #items: { readonly item: Item; readonly since: number }[] = [];
  #isWorking = false;
  #waiting: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: {
      readonly size: number;
      /** Waits this long for more before each batch, unless it is full before. 0: only until the present messages are read. */
      readonly waitMs: number | (() => number);
      /** Leaves for a later batch what has been here for less than this. */
      readonly ageMs?: number | undefined;
      readonly work: (items: Item[]) => Promise<void>;
    },
  ) {}

  push(item: Item): void {
    this.#items.push({ item, since: performance.now() });
    this.#next();
  }

  #next(): void {
    const [oldest] = this.#items;
    if (this.#isWorking || oldest === undefined) return;
    if (this.#ripensInMs(this.#items[this.options.size - 1]) <= 0) this.#begin();
    else if (this.#waiting === undefined) this.#wait(this.#ripensInMs(oldest));
  }

  #wait(atLeastMs: number): void {
    const { waitMs } = this.options;
    const forMs = Math.max(typeof waitMs === 'number' ? waitMs : waitMs(), Math.ceil(atLeastMs));
    if (forMs === 0) this.#begin();
    else this.#waiting = setTimeout(() => this.#begin(), forMs);
  }

  #begin(): void {
    this.#isWorking = true;
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    await this.options.work(this.#take());
    this.#isWorking = false;
    this.#next();
  }

  #take(): Item[] {
    // A timer may ring a moment too soon for the one that it was set for.
    let count = 1;
    while (count < this.options.size && this.#ripensInMs(this.#items[count]) <= 0) count++;
    return this.#items.splice(0, count).map(({ item }) => item);
  }

  #ripensInMs(one: { readonly since: number } | undefined): number {
    const { ageMs = 0 } = this.options;
    return one === undefined ? Infinity : one.since + ageMs - performance.now();
  }
}
