/** How long a long piece of work keeps the event loop at once. */
const turnMs = 4;

const waiting: (() => void)[] = [];

/**
 * Shares the event loop: work that takes long is done in turns, and between two turns of any such work whatever else has
 * come in is served. However much of it there is, one piece has one turn at a time.
 */
export class Turns {
  #endsAtMs = performance.now() + turnMs;

  /** Waits for the next turn, if this one is over. */
  async pause(): Promise<void> {
    if (performance.now() < this.#endsAtMs) return;
    await this.next();
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(resumeOne);
    });
    this.#endsAtMs = performance.now() + turnMs;
  }
}

function resumeOne(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(resumeOne);
}
