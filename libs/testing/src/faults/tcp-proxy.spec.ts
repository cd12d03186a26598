import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../until.js';
import { TcpProxy } from './tcp-proxy.js';

interface Client {
  readonly socket: Socket;
  readonly text: () => string;
  readonly end: () => string;
}

let echo: Server;
let proxy: TcpProxy;
/** What the server has heard, and whether it answers with it. */
let heard: Buffer[];
let isReading: boolean;
const sockets: Socket[] = [];

beforeEach(async () => {
  heard = [];
  isReading = true;
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
    if (!isReading) return;
    socket.on('data', (chunk: Buffer) => {
      heard.push(chunk);
      socket.write(chunk);
    });
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  proxy = await TcpProxy.start({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.stop();
  await new Promise((resolve) => echo.close(resolve));
});

async function client(): Promise<Client> {
  const chunks: Buffer[] = [];
  let end = '';
  const socket = connect(proxy.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', (error: NodeJS.ErrnoException) => (end = error.code ?? ''));
  socket.on('end', () => (end = 'closed'));
  await once(socket, 'connect');
  return { socket, text: () => Buffer.concat(chunks).toString(), end: () => end };
}

async function echoed({ socket, text }: Client, sent: string): Promise<number> {
  const startedMs = performance.now();
  const before = text();
  socket.write(sent);
  await until(`the echo of ${sent}`, () => text() === before + sent);
  return performance.now() - startedMs;
}

const silenceMs = 150;
const heardText = () => Buffer.concat(heard).toString();

describe('a healthy proxy', () => {
  it('hands everything on, whole and in order, and the end of it', async () => {
    const { socket, text, end } = await client();
    const sent = Array.from({ length: 50_000 }, (_, line) => `${line}\n`).join('');
    socket.end(sent);
    await until('the end', () => end() === 'closed');
    expect(text()).toBe(sent);
    await until('no socket', () => proxy.openSockets === 0);
  });

  it('reads no more from one side than the other takes', async () => {
    isReading = false;
    const { socket } = await client();
    let written = 0;
    const chunk = Buffer.alloc(64 * 1024);
    while (socket.write(chunk, () => (written += chunk.length)) || socket.writableLength < 64 * 1024 * 1024);
    let before = -1;
    await until('a full pipe', async () => {
      const same = written === before;
      before = written;
      await delay(50);
      return same && written === before;
    });
    expect(written).toBeLessThan(32 * 1024 * 1024);
  });
});

describe('a proxy with latency', () => {
  it('delays each way, old connections and new ones alike, but not a stream by each of its parts', async () => {
    const old = await client();
    await echoed(old, 'before');
    proxy.delay(60);
    expect(await echoed(old, 'old')).toBeGreaterThanOrEqual(119);
    expect(await echoed(await client(), 'new')).toBeGreaterThanOrEqual(119);
    proxy.delay(0, 'toServer');
    proxy.delay(500, 'toClient');
    expect(await echoed(old, 'x'.repeat(500_000))).toBeLessThan(3000);
  });

  it('delays nothing more when it is healed', async () => {
    const one = await client();
    proxy.delay(60_000);
    await proxy.heal();
    await echoed(one, 'long before a minute has passed');
  });
});

describe('a throttled proxy', () => {
  it('lets through no more than it should', async () => {
    const { socket, text } = await client();
    proxy.throttle(100_000, 'toServer');
    const tookMs = await echoed({ socket, text, end: () => '' }, 'x'.repeat(30_000));
    expect(tookMs).toBeGreaterThanOrEqual(240);
    expect(tookMs).toBeLessThan(1000);
  });

  it('gives what waits free at once when it is healed', async () => {
    const { socket, text } = await client();
    proxy.throttle(100);
    socket.write('x'.repeat(100_000));
    await until('some of it', () => text().length > 0);
    await proxy.heal();
    await until('all of it', () => text().length === 100_000);
  });
});

describe('a black hole', () => {
  it('accepts, hands nothing on either way, and all of it once healed', async () => {
    const old = await client();
    await echoed(old, 'before ');
    proxy.blackhole();
    const fresh = await client();
    old.socket.write('old');
    fresh.socket.end('new');
    await delay(silenceMs);
    expect([heardText(), old.text(), fresh.text(), fresh.end()]).toEqual(['before ', 'before ', '', '']);
    await proxy.heal();
    await until('the echoes', () => old.text() === 'before old' && fresh.text() === 'new');
    await until('the end', () => fresh.end() === 'closed');
  });
});

describe('a line that is cut one way', () => {
  it('client to server: the server hears nothing more, and is heard', async () => {
    const one = await client();
    proxy.delay(silenceMs, 'toClient');
    one.socket.write('a');
    await until('the first', () => heardText() === 'a');
    proxy.cut('toServer');
    one.socket.write('b');
    await until('the answer', () => one.text() === 'a');
    await delay(silenceMs);
    expect(heardText()).toBe('a');
    expect(one.end()).toBe('');
  });

  it('server to client: the server hears everything, and is not heard', async () => {
    const one = await client();
    proxy.cut('toClient');
    one.socket.write('a');
    await until('it is heard', () => heardText() === 'a');
    await delay(silenceMs);
    expect([one.text(), one.end()]).toEqual(['', '']);
  });
});

describe('connections that are reset', () => {
  it('end at once with ECONNRESET, and new ones are welcome', async () => {
    const old = await client();
    await echoed(old, 'before');
    proxy.resetAll();
    await until('the reset', () => old.end() === 'ECONNRESET');
    await until('no socket', () => proxy.openSockets === 0);
    await echoed(await client(), 'new');
  });

  it('by the server are reset for the client', async () => {
    const old = await client();
    await echoed(old, 'before');
    echo.once('connection', (socket) => socket.resetAndDestroy());
    const fresh = await client();
    await until('the reset', () => fresh.end() === 'ECONNRESET');
    await echoed(old, 'after');
  });
});

describe('a proxy that refuses', () => {
  it('lets nobody in, keeps who is there, and opens again under the same port', async () => {
    const old = await client();
    await echoed(old, 'before');
    const { port } = proxy;
    proxy.refuse();
    await expect(client()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await echoed(old, 'still');
    await proxy.heal();
    expect(proxy.port).toBe(port);
    await echoed(await client(), 'new');
  });
});

describe('a proxy that is stopped', () => {
  it('leaves no socket, whatever was waiting', async () => {
    const one = await client();
    proxy.blackhole();
    one.socket.write('never');
    await proxy.stop();
    expect(proxy.openSockets).toBe(0);
    await until('the end', () => one.socket.destroyed || one.end() !== '');
    await until(
      'the server has none either',
      () => new Promise<boolean>((resolve) => echo.getConnections((_, count) => resolve(count === 0))),
    );
  });
});
