/**
 * Collects what arrives while the last batch is being worked on, and for as long after that as it may wait: the busier
 * the queue, the fuller the batches. One batch at a time.
 */
export class Batcher<Item> {
  #items: Item[] = [];
  #isWorking = false;
  #waiting: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: {
      readonly size: number;
      /** Waits this long for more before each batch, unless it is full before. 0: only until the present messages are read. */
      readonly waitMs: number | (() => number);
      readonly work: (items: Item[]) => Promise<void>;
    },
  ) {}

  push(item: Item): void {
    this.#items.push(item);
    this.#next();
  }

  #next(): void {
    if (this.#isWorking || this.#items.length === 0) return;
    const { size } = this.options;
    if (this.#items.length >= size) this.#begin();
    else if (this.#waiting === undefined) this.#wait();
  }

  #wait(): void {
    const { waitMs } = this.options;
    const forMs = typeof waitMs === 'number' ? waitMs : waitMs();
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
    await this.options.work(this.#items.splice(0, this.options.size));
    this.#isWorking = false;
    this.#next();
  }
}
