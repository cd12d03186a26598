import { fairShares } from './fair-shares.js';

interface Waiting<Item> {
  readonly item: Item;
  readonly since: number;
  readonly owner: string | undefined;
}

/**
 * Collects what arrives while the last batch is being worked on, and for as long after that as it may wait: the busier
 * the queue, the fuller the batches. One batch at a time. Of more than one batch holds, each owner has its share.
 */
export class Batcher<Item> {
  #items: Waiting<Item>[] = [];
  readonly #counts = new Map<string | undefined, number>();
  #isWorking = false;
  #waiting: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: {
      readonly size: number;
      /** Waits this long for more before each batch, unless it is full before. 0: only until the present messages are read. */
      readonly waitMs: number | (() => number);
      /** Leaves for a later batch what has been here for less than this. */
      readonly ageMs?: number | undefined;
      /** Whose an item is. By default all are of one owner. */
      readonly ownerOf?: (item: Item) => string | undefined;
      readonly work: (items: Item[]) => Promise<void>;
    },
  ) {}

  push(item: Item): void {
    const owner = this.options.ownerOf?.(item);
    this.#items.push({ item, since: performance.now(), owner });
    this.#counts.set(owner, (this.#counts.get(owner) ?? 0) + 1);
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
    const taken =
      this.#counts.size > 1 && this.#items.length > this.options.size
        ? this.#takeShares()
        : this.#takeOldest();
    for (const { owner } of taken) {
      const left = (this.#counts.get(owner) ?? 0) - 1;
      if (left > 0) this.#counts.set(owner, left);
      else this.#counts.delete(owner);
    }
    return taken.map(({ item }) => item);
  }

  #takeOldest(): Waiting<Item>[] {
    // A timer may ring a moment too soon for the one that it was set for.
    let count = 1;
    while (count < this.options.size && this.#ripensInMs(this.#items[count]) <= 0) count++;
    return this.#items.splice(0, count);
  }

  /** The oldest of each owner, as many as are its share. What is not old enough yet stays with all that came after it. */
  #takeShares(): Waiting<Item>[] {
    const left = fairShares(this.#counts, this.options.size);
    const taken: Waiting<Item>[] = [];
    const staying: Waiting<Item>[] = [];
    for (const one of this.#items) {
      const share = left.get(one.owner) ?? 0;
      const isTaken = share > 0 && (taken.length === 0 || this.#ripensInMs(one) <= 0);
      if (isTaken) left.set(one.owner, share - 1);
      (isTaken ? taken : staying).push(one);
    }
    this.#items = staying;
    return taken;
  }

  #ripensInMs(one: Waiting<Item> | undefined): number {
    const { ageMs = 0 } = this.options;
    return one === undefined ? Infinity : one.since + ageMs - performance.now();
  }
}
