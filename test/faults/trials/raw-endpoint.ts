import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const pathSyntax = /^POST \/(\d+) /;

/** An endpoint that answers requests for `/<number>` with bytes of its own, HTTP or not; with none, it stays silent. */
export class RawEndpoint {
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly answers: readonly string[],
  ) {
    server.on('connection', (socket) => this.#serve(socket));
  }

  static async start(answers: readonly string[]): Promise<RawEndpoint> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RawEndpoint(server, answers);
  }

  url(index: number): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/${index}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.server, 'close');
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const index = pathSyntax.exec(bytes.toString('latin1'))?.[1];
      const answer = index === undefined ? undefined : this.answers[Number(index) % this.answers.length];
      if (answer) socket.write(answer);
    });
  }
}
