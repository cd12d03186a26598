import type { Door } from '#libs/service';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Fastify } from './fastify.js';

/**
 * The HTTP side of a stop. A client that keeps its connection is past every balancer: it hears of the stop from the
 * answers, each of which ends its connection. A request that has come in is always served.
 */
export class HttpDoor implements Door {
  readonly #fastify: Fastify;
  #inHand = 0;
  #isLastCall = false;
  #onAnswered: (() => void) | undefined;

  constructor(
    app: NestFastifyApplication,
    readonly drainDelayMs: number,
  ) {
    this.#fastify = app.getHttpAdapter().getInstance();
    this.#fastify.addHook('onRequest', async (_request, reply) => {
      this.#inHand++;
      // Also when the client has gone before its answer.
      reply.raw.once('close', () => {
        if (--this.#inHand === 0) this.#onAnswered?.();
      });
    });
    this.#fastify.addHook('onSend', async (_request, reply) => {
      if (this.#isLastCall) void reply.header('connection', 'close');
    });
  }

  lastCall(): void {
    this.#isLastCall = true;
  }

  async close(): Promise<void> {
    const { server } = this.#fastify;
    // Takes no more connections, and ends the idle ones.
    server.close();
    if (this.#inHand > 0) await new Promise<void>((resolve) => (this.#onAnswered = resolve));
    // Those that were opened and never used are not idle to Node.
    server.closeAllConnections();
  }
}
