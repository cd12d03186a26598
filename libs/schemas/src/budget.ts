/** Work that is begun anew for each validation. A step is one rule looked at, or a few characters. */
const freeSteps = 100_000;
const stepsPerByte = 2;

/** Bounds what validating may cost: by a schema that multiplies, or one that refers to itself, it could be without end. */
export class Budget {
  #left = 0;

  begin(bytes: number): void {
    this.#left = freeSteps + stepsPerByte * bytes;
  }

  /** @throws OverBudgetError */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new OverBudgetError();
  }
}

class OverBudgetError extends Error {
  override readonly name = 'OverBudgetError';
}

/** Also what overflows the stack is without end. By name: under Jest an error of Node's core is no instance of ours. */
export function isEndless(error: unknown): boolean {
  const { name } = error as { name?: unknown };
  return name === 'OverBudgetError' || name === 'RangeError';
}
