import { create, type KeyUse, maxKeyUses, RecordKeyUses } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const reportEveryMs = 60_000;
/** Uses that begin within this time leave in one request. */
const gatherMs = 1000;
const answerTimeoutMs = 2500;
const maxKeys = 50_000;

/** Reports to the registry which API keys are in use: each key once a minute at most, in batches. */
@Injectable()
export class KeyUses implements BeforeApplicationShutdown {
  readonly #reportedAtMs = new LRUCache<string, number>({ max: maxKeys });
  #pending: KeyUse[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly client: AmqpClient) {}

  /** Runs with every request: constant work, no waiting. */
  note(keyId: string, nowMs: number = Date.now()): void {
    if (keyId === 'root' || nowMs - (this.#reportedAtMs.get(keyId) ?? 0) < reportEveryMs) return;
    this.#reportedAtMs.set(keyId, nowMs);
    this.#pending.push({ keyId, usedAt: new Date(nowMs).toISOString() });
    this.#timer ??= setTimeout(() => void this.#report(), gatherMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#report();
  }

  /** What the registry did not answer is reported with the next use of its key. */
  async #report(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = [];
    for (let start = 0; start < pending.length; start += maxKeyUses) {
      const uses = pending.slice(start, start + maxKeyUses);
      const report = this.client.ask(create(RecordKeyUses, { uses }), answerTimeoutMs);
      await report.catch(() => uses.forEach(({ keyId }) => this.#reportedAtMs.delete(keyId)));
    }
  }
}
