import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

interface News {
  readonly news: string;
  readonly value: number;
}

/** A program of the bench in a process of its own, so that what it costs is counted apart. */
export class Child extends EventEmitter<Record<string, [number]>> {
  readonly #pending = new Map<number, PromiseWithResolvers<unknown>>();
  #calls = 0;

  private constructor(
    private readonly name: string,
    private readonly process: ChildProcess,
  ) {
    super();
    process.on('message', (message: Reply | News) => this.#take(message));
    process.on('exit', (code) => this.#failAll(new Error(`the ${this.name} ended with ${code}`)));
  }

  static start(name: 'sink' | 'generator' | 'raw-limit'): Child {
    const main = new URL(`../${name}/main.js`, import.meta.url);
    return new Child(name, fork(main, { serialization: 'advanced', execArgv: ['--enable-source-maps'] }));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** @throws what the child threw, or that it has ended. */
  call<Result = void>(method: string, argument?: unknown): Promise<Result> {
    const pending = Promise.withResolvers<unknown>();
    const id = ++this.#calls;
    this.#pending.set(id, pending);
    this.process.send({ id, method, argument });
    return pending.promise as Promise<Result>;
  }

  /** Tells the child something that has no answer. */
  tell(method: string, argument?: unknown): void {
    this.process.send({ id: 0, method, argument });
  }

  stop(): void {
    this.process.removeAllListeners('exit');
    this.process.kill('SIGKILL');
  }

  #take(message: Reply | News): void {
    if ('news' in message) this.emit(message.news, message.value);
    else {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      if (message.error === undefined) pending?.resolve(message.result);
      else pending?.reject(new Error(`${this.name}: ${message.error}`));
    }
  }

  #failAll(error: Error): void {
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
