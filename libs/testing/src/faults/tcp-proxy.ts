import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Conditions, type Direction } from './conditions.js';
import { Flow } from './flow.js';
import { reset } from './reset.js';

export interface Target {
  readonly host: string;
  readonly port: number;
}

const directions: readonly Direction[] = ['toServer', 'toClient'];

/**
 * A bad network on 127.0.0.1, before any TCP server. Each change holds at once, for the connections there are and for
 * those to come, until `heal`. The bytes of a connection stay whole and in order, whatever is done to it but a reset.
 */
export class TcpProxy {
  readonly #conditions = new Conditions();
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(private readonly target: Target) {}

  static async start(target: Target): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.#listen();
    return proxy;
  }

  /** Where to connect instead of to the target; stays the same. */
  get port(): number {
    return this.#port;
  }

  /** Sockets to either side that are open now: two for each connection. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Everything takes this much longer one way, both ways if none is named. */
  delay(latencyMs: number, ...ways: Direction[]): void {
    this.#change({ latencyMs }, ways);
  }

  /** Each connection gets this much through one way, both ways if none is named. */
  throttle(bytesPerS: number, ...ways: Direction[]): void {
    this.#change({ bytesPerS }, ways);
  }

  /** Connections are accepted and stay open; not a byte gets through. What was sent meanwhile arrives after `heal`. */
  blackhole(): void {
    this.#change({ isCut: true }, []);
  }

  /** The same for one way only: the other side goes on to be heard. */
  cut(way: Direction): void {
    this.#change({ isCut: true }, [way]);
  }

  /** Ends every connection there is with a TCP reset, on both sides. New ones are welcome. */
  resetAll(): void {
    for (const socket of this.#sockets) reset(socket);
  }

  /** New connections are refused, as by a server that is not there. Those that are open go on. */
  refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Back to normal. */
  async heal(): Promise<void> {
    this.#conditions.reset();
    if (!this.#server) await this.#listen();
  }

  /** Closes everything. */
  async stop(): Promise<void> {
    const closed = [...this.#sockets].map((socket) => new Promise((resolve) => socket.on('close', resolve)));
    this.refuse();
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  #change(change: Parameters<Conditions['change']>[1], ways: readonly Direction[]): void {
    for (const way of ways.length === 0 ? directions : ways) this.#conditions.change(way, change);
  }

  async #listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#join(client));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
  }

  #join(client: Socket): void {
    const server = connect({ ...this.target, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    const conditions = this.#conditions;
    Flow.join(client, server, { direction: 'toServer', conditions });
    Flow.join(server, client, { direction: 'toClient', conditions });
  }
}
