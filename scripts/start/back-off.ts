const firstDelayMs = 500;
const longestDelayMs = 10_000;
/** What has lived this long has started well: its end is a new story. */
const goodLifeMs = 3000;

export class BackOff {
  #shortLives = 0;

  /** How long to wait before what has just ended is started again: not at all at first, longer while it keeps ending. */
  delayMs(lifeMs: number): number {
    if (lifeMs >= goodLifeMs) this.#shortLives = 0;
    const delay = this.#shortLives === 0 ? 0 : firstDelayMs * 2 ** (this.#shortLives - 1);
    this.#shortLives += 1;
    return Math.min(delay, longestDelayMs);
  }
}
