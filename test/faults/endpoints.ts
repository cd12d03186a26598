import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { hashOf, type Sighting } from './journal.js';
import type { Behaviour, Destination } from './world.js';

const dataAt = /"data":/;
/** 0 where there is no answer. */
const statuses = { ok: 200, slow: 200, busy: 200, '500': 500, '429': 429, reset: 0, hang: 0 };
const hangsAfterMs = 100;
const waits: { readonly [One in Behaviour]?: number } = { slow: 3000, busy: 50 };

/** Many endpoints on one port, each with a path. Every request is written down before it is answered. */
export class Endpoints {
  readonly #destinations = new Map<string, Destination>();
  readonly #seen = new Set<string>();
  readonly #atOnce = new Map<string, { now: number; most: number }>();
  #hanging = 0;
  sightings: Sighting[] = [];
  #mostHanging = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.#receive(request, response));
    server.keepAliveTimeout = 60_000;
  }

  static async start(address = '127.0.0.1'): Promise<Endpoints> {
    const server = createServer();
    const endpoints = new Endpoints(server);
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    return endpoints;
  }

  url(path: string): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${address}:${port}${path}`;
  }

  add(destination: Destination): void {
    this.#destinations.set(destination.path, destination);
  }

  /** From now on. */
  behave(path: string, behaviour: Behaviour): void {
    const destination = this.#destinations.get(path);
    if (destination) this.#destinations.set(path, { ...destination, behaviour });
  }

  /** How many requests hung at the same time, at most, since this was asked last. */
  takeMostHanging(): number {
    const most = this.#mostHanging;
    this.#mostHanging = this.#hanging;
    return most;
  }

  /** How many requests one endpoint had at the same time, at most. */
  mostAtOnce(path: string): number {
    return this.#atOnce.get(path)?.most ?? 0;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return;
    const path = request.url ?? '';
    const destination = this.#destinations.get(path);
    const behaviour = destination?.behaviour ?? 'ok';
    const eventId = String(request.headers['webhook-id']);
    const status = this.#statusOf(behaviour, `${path} ${eventId}`);
    this.sightings.push({
      path,
      eventId,
      hash: hashOf(dataOf(body)),
      isVerified: isVerified(destination, body, request),
      atMs: Date.now(),
      status,
    });
    if (behaviour === 'hang') return this.#hang(request);
    const waitMs = waits[behaviour];
    if (waitMs !== undefined) await this.#occupy(path, waitMs);
    if (status === 0) request.socket.resetAndDestroy();
    else response.writeHead(status).end();
  }

  /** Counted from a moment later on: the end of one request may be heard of after the beginning of the next one. */
  #hang({ socket }: IncomingMessage): void {
    const counting = setTimeout(() => {
      this.#hanging++;
      this.#mostHanging = Math.max(this.#mostHanging, this.#hanging);
      socket.once('close', () => this.#hanging--);
    }, hangsAfterMs);
    socket.once('close', () => clearTimeout(counting));
  }

  async #occupy(path: string, ms: number): Promise<void> {
    const count = this.#atOnce.get(path) ?? { now: 0, most: 0 };
    this.#atOnce.set(path, count);
    count.now++;
    count.most = Math.max(count.most, count.now);
    await delay(ms);
    count.now--;
  }

  #statusOf(behaviour: Behaviour, key: string): number {
    const isFirst = !this.#seen.has(key);
    this.#seen.add(key);
    if (behaviour === 'flaky') return isFirst ? 500 : 200;
    return statuses[behaviour];
  }
}

/** The published bytes, as they stand in the body between `"data":` and the last brace. */
function dataOf(body: Buffer): Buffer {
  const at = dataAt.exec(body.toString('latin1'))?.index ?? 0;
  return body.subarray(at + '"data":'.length, body.length - 1);
}

function isVerified(
  destination: Destination | undefined,
  body: Buffer,
  { headers }: IncomingMessage,
): boolean {
  if (destination === undefined) return false;
  try {
    new Webhook(destination.secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
