import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Egress, EgressConfig, egressPolicy } from './index.js';

const policy = egressPolicy(
  Object.assign(new EgressConfig(), {
    EGRESS_ALLOW_HTTP: true,
    EGRESS_ALLOW_CIDRS: ['127.0.0.0/8'],
    EGRESS_ALLOW_PORTS: ['*'],
  }),
);
const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

/** What the endpoint does with the n-th piece of data on the m-th connection, both from 1. */
type Script = (socket: Socket, nth: { piece: number; connection: number }) => void;

describe('a kept connection that ends before the first byte of an answer', () => {
  let server: Server;
  let egress: Egress;
  let script: Script;
  let connections = 0;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    connections = 0;
    egress = new Egress({ policy });
    server = createServer((socket) => {
      sockets.add(socket);
      connections += 1;
      const nth = { piece: 0, connection: connections };
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
      socket.on('data', () => script(socket, { ...nth, piece: (nth.piece += 1) }));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterEach(async () => {
    await egress.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const post = (body = Buffer.from('{}')) => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return egress.post({ url, headers: {}, body, timeoutMs: 3000 });
  };

  it('is replaced, and the request answered on the fresh one, when it is reset', async () => {
    script = (socket, { piece }) => (piece === 1 ? socket.write(ok) : socket.resetAndDestroy());
    for (let count = 0; count < 6; count += 1) expect(await post()).toMatchObject({ statusCode: 200 });
    expect(connections).toBe(6);
  });

  it('is replaced when the endpoint ends it as the next request is on its way', async () => {
    script = (socket, { piece }) => (piece === 1 ? socket.write(ok) : socket.end());
    for (let count = 0; count < 6; count += 1) expect(await post()).toMatchObject({ statusCode: 200 });
  });

  it('is replaced when the endpoint ends each without saying so', async () => {
    script = (socket) => socket.end(ok);
    for (let count = 0; count < 40; count += 1) expect(await post()).toMatchObject({ statusCode: 200 });
  });

  it('is replaced while the body is being written', async () => {
    script = (socket, { piece, connection }) => {
      if (connection > 1) return void (piece === 1 && socket.write(ok));
      return void (piece === 1 ? socket.write(ok) : socket.resetAndDestroy());
    };
    expect(await post()).toMatchObject({ statusCode: 200 });
    expect(await post(Buffer.alloc(4_000_000))).toMatchObject({ statusCode: 200 });
  });

  it('is replaced once: a fresh one that is reset is a reset of the endpoint', async () => {
    script = (socket, { piece, connection }) =>
      piece === 1 && connection === 1 ? socket.write(ok) : socket.resetAndDestroy();
    expect(await post()).toMatchObject({ statusCode: 200 });
    expect(await post()).toMatchObject({ errorClass: 'reset' });
    expect(connections).toBe(2);
    expect(await post()).toMatchObject({ errorClass: 'reset' });
    expect(connections).toBe(3);
  });

  it('is not replaced once an answer has begun', async () => {
    script = (socket, { piece }) => (piece === 1 ? socket.write(ok) : socket.end('HTTP/1.1 2'));
    expect(await post()).toMatchObject({ statusCode: 200 });
    expect(await post()).toMatchObject({ errorClass: 'protocol_error' });
    expect(connections).toBe(1);
  });
});
