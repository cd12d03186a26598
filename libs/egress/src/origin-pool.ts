import { LocalFaultError } from './local-fault.error.js';
import { Connection, type ConnectionSettings } from './connection.js';

export interface PoolSettings extends ConnectionSettings {
  maxSocketAgeMs: number;
  maxConnections: number;
}

interface Waiter {
  take: (connection: Connection) => void;
  leave: (reason: unknown) => void;
}

/**
 * The few connections that may be open to one origin. Who finds them all taken waits here and not in undici, where a
 * request cannot be taken back, and where its deadline would run out on other requests' time.
 */
export class OriginPool {
  readonly #idle: Connection[] = [];
  readonly #taken = new Set<Connection>();
  readonly #waiting = new Set<Waiter>();

  constructor(
    private readonly origin: string,
    private readonly settings: PoolSettings,
    private readonly onEmpty: () => void,
  ) {}

  /** @returns undefined when all connections are taken. */
  take(): Connection | undefined {
    if (this.#taken.size >= this.settings.maxConnections) return undefined;
    const connection = this.#youngIdle() ?? this.#connect();
    this.#taken.add(connection);
    return connection;
  }

  wait(signal: AbortSignal | undefined): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    const onAbort = () => waiter.leave(signal?.reason);
    const end = () => {
      this.#waiting.delete(waiter);
      signal?.removeEventListener('abort', onAbort);
    };
    const waiter: Waiter = {
      take: (connection) => {
        end();
        resolve(connection);
      },
      leave: (reason) => {
        end();
        reject(reason);
      },
    };
    this.#waiting.add(waiter);
    signal?.addEventListener('abort', onAbort);
    return promise;
  }

  giveBack(connection: Connection, isReusable: boolean): void {
    this.#taken.delete(connection);
    if (isReusable && connection.isOpen) this.#idle.push(connection);
    else void connection.destroy();
    const [next] = this.#waiting;
    const free = next && this.take();
    if (free) next.take(free);
    this.#tellIfEmpty();
  }

  /** @returns a connection that is opened for its first request, in the place of one that has ended. */
  replace(connection: Connection): Connection {
    this.#taken.delete(connection);
    void connection.destroy();
    const fresh = this.#connect();
    this.#taken.add(fresh);
    return fresh;
  }

  async destroy(): Promise<void> {
    for (const waiter of this.#waiting) waiter.leave(new LocalFaultError('CLOSED', undefined));
    await Promise.all([...this.#idle.splice(0), ...this.#taken].map((connection) => connection.destroy()));
  }

  /** The last one used, so that those not needed grow idle and close. */
  #youngIdle(): Connection | undefined {
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (connection.ageMs < this.settings.maxSocketAgeMs) return connection;
      void connection.destroy();
    }
    return undefined;
  }

  #connect(): Connection {
    const connection: Connection = new Connection(this.origin, this.settings, () => this.#forget(connection));
    return connection;
  }

  #forget(connection: Connection): void {
    const index = this.#idle.indexOf(connection);
    if (index === -1) return;
    this.#idle.splice(index, 1);
    void connection.destroy();
    this.#tellIfEmpty();
  }

  #tellIfEmpty(): void {
    if (this.#idle.length === 0 && this.#taken.size === 0 && this.#waiting.size === 0) this.onEmpty();
  }
}
