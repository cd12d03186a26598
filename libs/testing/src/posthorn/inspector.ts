import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until.js';
import type { RunningPosthorn } from './running-posthorn.js';

/** With this each process chooses a port for its inspector, which it opens when it is asked to. */
export const inspectedEnvironment = { NODE_OPTIONS: '--inspect-port=0' };

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** A connection to the inspector of a service's process. */
export class Inspector {
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id, result, error } = JSON.parse(String(data)) as Answer;
      if (id === undefined) return;
      if (error) this.#pending.get(id)?.reject(new Error(error.message));
      else this.#pending.get(id)?.resolve(result);
      this.#pending.delete(id);
    });
    socket.addEventListener('close', () => {
      for (const { reject } of this.#pending.values()) reject(new Error('the inspector has gone'));
    });
  }

  /** Of the first process of a service that was started with `inspectedEnvironment`. */
  static async open(posthorn: RunningPosthorn, service: string): Promise<Inspector> {
    process.kill(posthorn.service(service).pid, 'SIGUSR1');
    return new Inspector(await connected(await addressOf(posthorn, service)));
  }

  send(method: string, params: object = {}): Promise<unknown> {
    const pending = Promise.withResolvers<unknown>();
    const id = ++this.#calls;
    this.#pending.set(id, pending);
    this.socket.send(JSON.stringify({ id, method, params }));
    return pending.promise;
  }

  close(): void {
    this.socket.close();
  }
}

/** A process says in its log where its inspector listens. */
function addressOf({ directory }: RunningPosthorn, service: string): Promise<string> {
  const log = join(directory, 'logs', `${service}.log`);
  return until(
    `the inspector of ${service}`,
    () => [...readFileSync(log, 'utf8').matchAll(/Debugger listening on (ws:\S+)/g)].at(-1)?.[1],
  );
}

async function connected(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`no inspector at ${url}`)));
  });
  return socket;
}
