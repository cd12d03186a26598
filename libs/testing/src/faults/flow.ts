import type { Socket } from 'node:net';
import type { Conditions, Direction } from './conditions.js';
import { reset } from './reset.js';

type Passing = Buffer | 'end' | 'reset';

interface Link {
  readonly direction: Direction;
  readonly conditions: Conditions;
}

/** What a flow holds before it stops reading: the sender then feels it, as it would on a real network. */
const maxHeldBytes = 256 * 1024;
/** A throttled flow writes this often. */
const slicesPerS = 20;

/** One direction of one connection: reads, and writes on in the same order when the conditions allow it. */
export class Flow {
  readonly #held: { readonly passing: Passing; readonly arrivedMs: number }[] = [];
  #heldBytes = 0;
  #running = false;
  #freeAtMs = 0;

  private constructor(
    private readonly from: Socket,
    private readonly to: Socket,
    private readonly link: Link,
  ) {}

  static join(from: Socket, to: Socket, link: Link): void {
    const flow = new Flow(from, to, link);
    from.on('data', (chunk: Buffer) => flow.#take(chunk));
    from.on('end', () => flow.#take('end'));
    from.on('error', () => flow.#take('reset'));
  }

  #take(passing: Passing): void {
    this.#held.push({ passing, arrivedMs: performance.now() });
    this.#heldBytes += passing.length;
    if (this.#heldBytes > maxHeldBytes) this.from.pause();
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      await this.#untilAllowed(next.arrivedMs);
      this.#held.shift();
      if (typeof next.passing !== 'string') await this.#writeAll(next.passing);
      else if (next.passing === 'end') this.to.end();
      else reset(this.to);
      this.#heldBytes -= next.passing.length;
      if (this.#heldBytes <= maxHeldBytes) this.from.resume();
    }
    this.#running = false;
  }

  async #untilAllowed(arrivedMs: number): Promise<void> {
    const { conditions, direction } = this.link;
    while (!this.to.destroyed) {
      const { isCut, latencyMs } = conditions[direction];
      const waitMs = isCut ? Infinity : arrivedMs + latencyMs - performance.now();
      if (waitMs <= 0) return;
      await conditions.changedOr(waitMs, this.to);
    }
  }

  async #writeAll(chunk: Buffer): Promise<void> {
    const { conditions, direction } = this.link;
    for (let rest = chunk; rest.length > 0 && !this.to.destroyed;) {
      const { bytesPerS, isCut } = conditions[direction];
      const waitMs = isCut ? Infinity : this.#freeAtMs - performance.now();
      if (waitMs > 0 && (isCut || bytesPerS !== Infinity)) {
        await conditions.changedOr(waitMs, this.to);
        continue;
      }
      const slice = rest.subarray(0, Math.max(1, Math.floor(bytesPerS / slicesPerS)));
      rest = rest.subarray(slice.length);
      this.#freeAtMs = performance.now() + (slice.length / bytesPerS) * 1000;
      if (!this.to.write(slice)) await drained(this.to);
    }
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    if (socket.destroyed) resolve();
    else socket.on('drain', done).on('close', done);
  });
}
