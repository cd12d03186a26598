import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { respond, type Behaviour } from './behaviours.js';

export interface ReceivedRequest {
  method: string;
  /** As it came, query and all. */
  path: string;
  headers: IncomingHttpHeaders;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly string[];
  body: Buffer;
  arrivedAt: Date;
}

/** A status code for a plain answer, or a behaviour. */
export type Step = number | Behaviour;

interface Options {
  tls?: Pick<ServerOptions, 'key' | 'cert' | 'minVersion' | 'maxVersion' | 'ciphers'>;
  /** 127.0.0.1 if not given. */
  host?: string;
}

const DEFAULT_WAIT_MS = 5_000;

/** An endpoint for tests: remembers each request before it answers, and answers as scripted, 200 otherwise. */
export class WebhookReceiver {
  readonly #scripts = new Map<string, Step[]>();
  readonly #requests: ReceivedRequest[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #waiting = new Set<() => void>();
  #connections = 0;

  private constructor(
    readonly server: Server,
    private readonly scheme: 'http' | 'https',
  ) {
    server.on('request', (request, response) => void this.#receive(request, response));
    server.on('connection', (socket) => this.#track(socket));
  }

  static async start({ tls, host = '127.0.0.1' }: Options = {}): Promise<WebhookReceiver> {
    const server = tls ? createTlsServer(tls) : createServer();
    const receiver = new WebhookReceiver(server, tls ? 'https' : 'http');
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, host, resolve);
    });
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Sockets that are connected now. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Sockets that were ever connected. */
  get connections(): number {
    return this.#connections;
  }

  url(path = '/'): string {
    const { address, family } = this.server.address() as AddressInfo;
    return `${this.scheme}://${family === 'IPv6' ? `[${address}]` : address}:${this.port}${path}`;
  }

  /** Each request to this path takes the next step; the last one stays. */
  answer(path: string, ...steps: Step[]): this {
    this.#scripts.set(path, steps);
    return this;
  }

  /** What came so far, in order of arrival. */
  requests(path?: string): readonly ReceivedRequest[] {
    return path === undefined
      ? this.#requests
      : this.#requests.filter((request) => pathname(request.path) === path);
  }

  /**
   * Waits until `count` requests have come to this path.
   * @throws after `timeoutMs`, saying how many came.
   */
  async received(path: string, count = 1, timeoutMs = DEFAULT_WAIT_MS): Promise<readonly ReceivedRequest[]> {
    await this.#until(
      () => this.requests(path).length >= count,
      timeoutMs,
      () => `${this.requests(path).length} of ${count} requests came to ${path}`,
    );
    return this.requests(path);
  }

  /** Waits until no more than `count` sockets are connected. */
  async socketsAtMost(count: number, timeoutMs = DEFAULT_WAIT_MS): Promise<void> {
    const isReached = () => this.openSockets <= count;
    await this.#until(isReached, timeoutMs, () => `${this.openSockets} sockets are open, ${count} allowed`);
  }

  /** Closes every socket, whatever it is doing. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrivedAt = new Date();
    response.on('error', () => undefined);
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return; // the sender went away in the middle of it
    const { method = '', url: path = '', headers, rawHeaders } = request;
    this.#requests.push({ method, path, headers, rawHeaders, body, arrivedAt });
    this.#announce();
    this.#nextStep(pathname(path))(response);
  }

  #nextStep(path: string): Behaviour {
    const steps = this.#scripts.get(path) ?? [];
    const step = (steps.length > 1 ? steps.shift() : steps[0]) ?? 200;
    return typeof step === 'number' ? respond({ status: step }) : step;
  }

  #track(socket: Socket): void {
    this.#connections += 1;
    this.#sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#announce();
    });
  }

  #announce(): void {
    for (const look of this.#waiting) look();
  }

  async #until(isReached: () => boolean, timeoutMs: number, describe: () => string): Promise<void> {
    if (isReached()) return;
    await new Promise<void>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(look);
      };
      const look = () => {
        if (!isReached()) return;
        end();
        resolve();
      };
      const timer = setTimeout(() => {
        end();
        reject(new Error(`${describe()} within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.add(look);
    });
  }
}

function pathname(path: string): string {
  return path.split('?', 1)[0] ?? path;
}
