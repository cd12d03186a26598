/**
 * All filters of a tenant together may cost so much for one event: at most some ten milliseconds of processor. Ordinary
 * filters cost a few hundred.
 */
const comparisonsPerEvent = 250_000;
/** How many characters are read in the time of one comparison, as a power of two. */
const charactersPerComparison = 5;

/**
 * Bounds what the filters of one tenant may cost for one event, in comparisons. Reading 32 characters of a text
 * costs one more.
 */
export class FilterBudget {
  #left: number;
  readonly #total: number;

  constructor(comparisons: number = comparisonsPerEvent) {
    this.#left = comparisons;
    this.#total = comparisons;
  }

  /** @returns false if there is not enough left: the condition must not be evaluated. */
  spend(comparisons: number, characters = 0): boolean {
    this.#left -= comparisons + (characters >> charactersPerComparison);
    return this.#left >= 0;
  }

  /** Something was left out: a filter that was being evaluated has no result. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  get spent(): number {
    return this.#total - this.#left;
  }
}
