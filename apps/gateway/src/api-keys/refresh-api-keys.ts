import { type ApiKeyChanged, create, ReadApiKeyChanges } from '#libs/contracts';
import { AmqpClient, messageOf } from '#libs/messaging';
import { Log, Readiness } from '#libs/observability';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { KnownApiKeys } from './known-api-keys.js';

/** A key that was revoked is refused within 5 s, also by a gateway that did not get the message. */
const intervalMs = 2000;
const answerTimeoutMs = 2500;
const pageSize = 1000;
/** The registry remembers what was revoked for longer than this. */
const startOverAfterMs = 3_600_000;

/**
 * Asks the registry each two seconds what has changed: a message may have been missed. While the registry is away what
 * is known goes on to hold, and nobody can revoke a key. A gateway that has never read the keys is not ready.
 */
@Injectable()
export class RefreshApiKeys implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #readAtMs = 0;
  #hasTrouble = false;

  constructor(
    private readonly client: AmqpClient,
    private readonly keys: KnownApiKeys,
    private readonly log: Log,
    readiness: Readiness,
  ) {
    readiness.add('api-keys', () => keys.isLoaded);
  }

  onApplicationBootstrap(): void {
    void this.#pass();
  }

  onApplicationShutdown(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #pass(): Promise<void> {
    const startedAtMs = Date.now();
    try {
      await this.#refresh();
      this.#readAtMs = startedAtMs;
      if (this.#hasTrouble) this.log.info('api-keys.read', { version: this.keys.version });
      this.#hasTrouble = false;
    } catch (error) {
      if (!this.#hasTrouble && !this.#isStopped)
        this.log.warn('api-keys.not-read', { reason: messageOf(error), knownVersion: this.keys.version });
      this.#hasTrouble = true;
    }
    const restMs = Math.max(100, startedAtMs + intervalMs - Date.now());
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#pass(), restMs);
  }

  async #refresh(): Promise<void> {
    if (!this.keys.isLoaded || Date.now() - this.#readAtMs > startOverAfterMs) return this.#startOver();
    const { changes, version, hasMore } = await this.#read(this.keys.version);
    if (version < this.keys.version || hasMore) return this.#startOver();
    for (const change of changes) this.keys.apply(change);
    this.keys.reach(Math.max(version, changes.at(-1)?.version ?? 0));
  }

  async #startOver(): Promise<void> {
    const all: ApiKeyChanged[] = [];
    for (;;) {
      const { changes, version, hasMore } = await this.#read(all.at(-1)?.version ?? 0);
      all.push(...changes);
      if (!hasMore) return this.keys.replace(all, Math.max(version, all.at(-1)?.version ?? 0));
    }
  }

  #read(after: number) {
    return this.client.ask(create(ReadApiKeyChanges, { after, limit: pageSize }), answerTimeoutMs);
  }
}
