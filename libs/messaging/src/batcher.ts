/**
 * Collects what arrives while the last batch is being worked on: an idle queue sees no delay, a busy one full batches.
 * One batch at a time.
 */
export class Batcher<Item> {
  #items: Item[] = [];
  #scheduled = false;

  constructor(
    private readonly options: {
      readonly size: number;
      /** Waits this long for more, when a batch would not be full. 0: only until the present messages are read. */
      readonly waitMs: number;
      readonly work: (items: Item[]) => Promise<void>;
    },
  ) {}

  push(item: Item): void {
    this.#items.push(item);
    if (this.#scheduled) return;
    this.#scheduled = true;
    const run = (): void => void this.#run();
    if (this.options.waitMs > 0) setTimeout(run, this.options.waitMs);
    else setImmediate(run);
  }

  async #run(): Promise<void> {
    while (this.#items.length > 0) {
      await this.options.work(this.#items.splice(0, this.options.size));
    }
    this.#scheduled = false;
  }
}
