import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { reset } from './reset.js';

let server: Server;
let socket: Socket;
const peers: Socket[] = [];

beforeEach(async () => {
  server = createServer({ allowHalfOpen: true }, (peer) => {
    peer.on('error', () => undefined);
    peers.push(peer.resume());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
});

afterEach(async () => {
  for (const one of [socket, ...peers.splice(0)]) one.destroy();
  await new Promise((resolve) => server.close(resolve));
});

describe('a reset', () => {
  it.each([
    ['is open', () => undefined],
    ['is ended in the same turn', () => socket.end()],
    ['was reset in the same turn', () => reset(socket)],
  ])('closes a connection that %s', async (_state, before) => {
    const closed = once(socket, 'close');
    before();
    reset(socket);
    await closed;
    expect(socket.closed).toBe(true);
  });
});
