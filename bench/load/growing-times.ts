/** Times by number, for as many as come; `NaN` where there is none. */
export class GrowingTimes {
  #times = new Float64Array(65_536).fill(NaN);

  get(index: number): number {
    return this.#times[index] ?? NaN;
  }

  set(index: number, ms: number): void {
    if (index >= this.#times.length) {
      const larger = new Float64Array(Math.max(index + 1, this.#times.length * 2)).fill(NaN);
      larger.set(this.#times);
      this.#times = larger;
    }
    this.#times[index] = ms;
  }

  first(count: number): Float64Array {
    return this.#times.slice(0, count);
  }
}
