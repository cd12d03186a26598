/**
 * Bounds the log lines about something that may happen at any rate: one line per key and interval, and at most
 * `maxKeys` lines per interval. Metrics have the full count.
 */
export class LogThrottle {
  #intervalStartMs = -Infinity;
  /** By key: how many lines were left out in this interval, and in the one before. */
  #leftOut = new Map<string, number>();
  #leftOutBefore = new Map<string, number>();

  constructor(
    private readonly intervalMs = 60_000,
    private readonly maxKeys = 100,
  ) {}

  /** @returns how many occurrences the line stands for; undefined if no line is to be written. */
  admit(key: string, nowMs: number = Date.now()): number | undefined {
    if (nowMs - this.#intervalStartMs >= this.intervalMs) {
      this.#intervalStartMs = nowMs;
      this.#leftOutBefore = this.#leftOut;
      this.#leftOut = new Map();
    }
    const leftOut = this.#leftOut.get(key);
    if (leftOut !== undefined) {
      this.#leftOut.set(key, leftOut + 1);
      return undefined;
    }
    if (this.#leftOut.size >= this.maxKeys) return undefined;
    this.#leftOut.set(key, 0);
    return 1 + (this.#leftOutBefore.get(key) ?? 0);
  }
}
