import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { hashOf, type Sighting } from './journal.js';
import type { Behaviour, Destination } from './world.js';

const dataAt = /"data":/;

/** Many endpoints on one port, each with a path. Every request is written down before it is answered. */
export class Endpoints {
  readonly #destinations = new Map<string, Destination>();
  readonly #seen = new Set<string>();
  sightings: Sighting[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => void this.#receive(request, response));
    server.keepAliveTimeout = 60_000;
  }

  static async start(): Promise<Endpoints> {
    const server = createServer();
    const endpoints = new Endpoints(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return endpoints;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  add(destination: Destination): void {
    this.#destinations.set(destination.path, destination);
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
    const eventId = String(request.headers['webhook-id']);
    const status = this.#statusOf(destination?.behaviour ?? 'ok', `${path} ${eventId}`);
    this.sightings.push({
      path,
      eventId,
      hash: hashOf(dataOf(body)),
      isVerified: isVerified(destination, body, request),
      atMs: Date.now(),
      status,
    });
    if (status === 0) request.socket.resetAndDestroy();
    else response.writeHead(status).end();
  }

  #statusOf(behaviour: Behaviour, key: string): number {
    const isFirst = !this.#seen.has(key);
    this.#seen.add(key);
    if (behaviour === 'flaky') return isFirst ? 500 : 200;
    return { ok: 200, '500': 500, '429': 429, reset: 0 }[behaviour];
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
