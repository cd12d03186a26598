import { setTimeout as delay } from 'node:timers/promises';
import type { RunningPosthorn } from '#libs/testing';

const pollMs = 100;
const answerDeadlineMs = 1000;

/** As the endpoints of a Kubernetes service: asks each gateway again and again, and uses those that say they are ready. */
export class Balancer {
  readonly #ready = new Set<string>();
  readonly #urls: readonly string[];
  #turn = 0;
  #isStopped = false;

  constructor(posthorn: RunningPosthorn) {
    this.#urls = posthorn.run.services.flatMap(({ apiUrl }) => (apiUrl === undefined ? [] : [apiUrl]));
    for (const url of this.#urls) void this.#watch(url);
  }

  get areAllReady(): boolean {
    return this.#ready.size === this.#urls.length;
  }

  /** The next one in turn. @throws if none is ready. */
  choose(): string {
    const ready = [...this.#ready];
    const url = ready[this.#turn++ % ready.length];
    if (url === undefined) throw new Error('no gateway is ready');
    return url;
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #watch(url: string): Promise<void> {
    while (!this.#isStopped) {
      if (await isReady(url)) this.#ready.add(url);
      else this.#ready.delete(url);
      await delay(pollMs);
    }
  }
}

export async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(answerDeadlineMs) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
