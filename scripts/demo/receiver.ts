import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly path: string;
  readonly id: string;
  readonly body: string;
  readonly headers: Record<string, string>;
  readonly atMs: number;
}

/** A customer's endpoint: keeps what it gets, answers what it is told to. */
export class Receiver {
  readonly received: Received[] = [];
  readonly #answers = new Map<string, number[]>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const path = request.url ?? '';
        const headers = request.headers as Record<string, string>;
        receiver.received.push({
          path,
          id: headers['webhook-id'] ?? '',
          body: Buffer.concat(chunks).toString(),
          headers,
          atMs: Date.now(),
        });
        const status = receiver.#answers.get(path)?.shift() ?? 200;
        response.writeHead(status).end(status === 200 ? 'thank you' : 'not today');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  /** The next answers of a path; after them it answers 200. */
  answer(path: string, statuses: readonly number[]): void {
    this.#answers.set(path, [...statuses]);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** By the Standard Webhooks library, as a customer would. */
export function isVerified(secret: string, webhook: Received): boolean {
  try {
    new Webhook(secret).verify(webhook.body, webhook.headers);
    return true;
  } catch {
    return false;
  }
}
