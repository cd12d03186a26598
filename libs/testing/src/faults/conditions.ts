import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';

export type Direction = 'toServer' | 'toClient';

interface Condition {
  readonly latencyMs: number;
  readonly bytesPerS: number;
  /** Nothing gets through; what is sent waits, as TCP would have it wait by sending it again. */
  readonly isCut: boolean;
}

const normal: Condition = { latencyMs: 0, bytesPerS: Infinity, isCut: false };

/** What the network between the two sides is like at present. */
export class Conditions {
  readonly #changes = new EventEmitter<{ change: [] }>().setMaxListeners(0);
  toServer: Condition = normal;
  toClient: Condition = normal;

  change(direction: Direction, change: Partial<Condition>): void {
    this[direction] = { ...this[direction], ...change };
    this.#changes.emit('change');
  }

  reset(): void {
    this.toServer = normal;
    this.toClient = normal;
    this.#changes.emit('change');
  }

  /** Resolves after `waitMs`, or earlier if the conditions change or the socket goes. */
  changedOr(waitMs: number, socket: Socket): Promise<void> {
    return new Promise((resolve) => {
      const timer = waitMs === Infinity ? undefined : setTimeout(() => done(), waitMs);
      const done = (): void => {
        clearTimeout(timer);
        this.#changes.off('change', done);
        socket.off('close', done);
        resolve();
      };
      this.#changes.on('change', done);
      socket.on('close', done);
    });
  }
}
