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
const continued = 'HTTP/1.1 100 Continue\r\n\r\n';
const earlyHints = 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 5\r\n\r\n';
const headers = (count: number, length: number): string =>
  Array.from({ length: count }, (_none, index) => `x-${index}: ${'v'.repeat(length)}\r\n`).join('');

/** What the endpoint writes, one item after another with a pause between them; then it ends the connection. */
type Answer = readonly string[];
type Expected = number | 'protocol_error' | 'header_overflow' | 'reset' | 'timeout';

const answers: readonly (readonly [string, Answer, Expected])[] = [
  ['100, then 200 in one packet', [continued + ok], 200],
  ['100, then 200 later', [continued, ok], 200],
  ['100 twice', [continued + continued, ok], 200],
  ['100 with headers, one byte at a time', [...'HTTP/1.1 100 Continue\r\nServer: x\r\n\r\n', ok], 200],
  ['100 with lines that end without CR', ['HTTP/1.1 100 Continue\nServer: x\n\n', ok], 200],
  ['100 without a reason, empty lines after it', ['HTTP/1.1 100\r\n\r\n\r\n\r\n', ok], 200],
  ['100 of HTTP/1.0', ['HTTP/1.0 100 Continue\r\n\r\n', ok], 200],
  ['102, 103 and 199', ['HTTP/1.1 102 Processing\r\n\r\n', earlyHints, `HTTP/1.1 199 X\r\n\r\n${ok}`], 200],
  ['100, then 503', [`${continued}HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n`], 503],
  ['100 and the end', [continued], 'protocol_error'],
  ['100, then garbage', [continued, 'hello'], 'protocol_error'],
  ['half of a 100', ['HTTP/1.1 100 Con'], 'protocol_error'],
  ['100 of 1 MiB', [`HTTP/1.1 100 Continue\r\n${headers(1000, 1000)}`], 'header_overflow'],
  [
    '200 times 103 with 1 KiB',
    [`HTTP/1.1 103 X\r\n${headers(1, 1000)}\r\n`.repeat(200), ok],
    'header_overflow',
  ],
  ['101 without an upgrade', ['HTTP/1.1 101 Switching Protocols\r\n\r\n'], 'protocol_error'],
  [
    '101 with an upgrade',
    ['HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n'],
    'protocol_error',
  ],
  [
    '101 with an upgrade, after 100',
    [`${continued}HTTP/1.1 101 X\r\nUpgrade: h2c\r\n\r\n`],
    'protocol_error',
  ],
  ...['000', '001', '042', '099'].map(
    (status) => [`the status ${status}`, [`HTTP/1.1 ${status} X\r\n\r\n`], 'protocol_error'] as const,
  ),
  ['the status 99', ['HTTP/1.1 99 X\r\n\r\n'], 'protocol_error'],
  ['the status 1000', ['HTTP/1.1 1000 X\r\n\r\n'], 'protocol_error'],
  ['the status 2x0', ['HTTP/1.1 2x0 X\r\n\r\n'], 'protocol_error'],
  ['the status 999', ['HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n'], 999],
  ['no reason', ['HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n'], 200],
  ['204 with a body', ['HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello'], 204],
  ['two status lines', [ok + ok], 200],
  ['two status lines in one head', ['HTTP/1.1 200 OK\r\nHTTP/1.1 500 X\r\n\r\n'], 'protocol_error'],
  ['empty lines first', [`\r\n\r\n${ok}`], 200],
  ['garbage before the status line', [`hello\r\n${ok}`], 'protocol_error'],
  ['HTTP/0.9', ['<html>hello</html>'], 'protocol_error'],
  ['of HTTP/3.0', ['HTTP/3.0 200 OK\r\n\r\n'], 'protocol_error'],
  ['another protocol', ['SSH-2.0-OpenSSH_9.6\r\n'], 'protocol_error'],
  ['bytes of TLS', ['\u0015\u0003\u0001\u0000\u0002\u0002\u0050'], 'protocol_error'],
  ['one byte', ['H'], 'protocol_error'],
  ['nothing', [''], 'reset'],
  [
    'a length and chunks',
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'],
    'protocol_error',
  ],
  [
    'two lengths',
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    'protocol_error',
  ],
  ['a negative length', ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'], 'protocol_error'],
  [
    'a length beyond all numbers',
    [`HTTP/1.1 200 OK\r\nContent-Length: ${'9'.repeat(30)}\r\n\r\n`],
    'protocol_error',
  ],
  ['a NUL in a header', ['HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n'], 'protocol_error'],
  ['a space before the colon', ['HTTP/1.1 200 OK\r\nX : a\r\n\r\n'], 'protocol_error'],
  ['a folded header', ['HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n'], 'protocol_error'],
  ['600 headers', [`HTTP/1.1 200 OK\r\n${headers(600, 2)}Content-Length: 0\r\n\r\n`], 200],
  ['30 KiB of headers', [`HTTP/1.1 200 OK\r\n${headers(30, 1000)}\r\n`], 'header_overflow'],
  ['a reason of 30 KiB', [`HTTP/1.1 200 ${'x'.repeat(30_000)}\r\nContent-Length: 0\r\n\r\n`], 200],
  ['a reason of 1 MiB', [`HTTP/1.1 200 ${'x'.repeat(1_000_000)}`], 'header_overflow'],
  [
    'a reason of 30 KiB and 15 KiB of headers',
    [`HTTP/1.1 200 ${'x'.repeat(30_000)}\r\n${headers(15, 1000)}Content-Length: 0\r\n\r\n`],
    200,
  ],
];

describe('an answer of an endpoint', () => {
  let server: Server;
  let egress: Egress;
  let answer: Answer;
  const sockets = new Set<Socket>();
  const unknown: unknown[] = [];

  beforeAll(async () => {
    egress = new Egress({ policy, onUnknownFailure: (error) => unknown.push(error) });
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
      socket.once('data', () => void write(socket, answer));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(async () => {
    await egress.close();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  it.each(answers)('that is %s is an attempt', async (_what, written, expected) => {
    answer = written;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const posted = await egress.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 4000 });
    const seen = posted.result === 'answered' ? posted.statusCode : posted.errorClass;
    expect(seen).toBe(expected);
    expect(posted.durationMs).toBeLessThan(3900);
  });

  it('has a class of its own in every case', () => {
    expect(unknown).toEqual([]);
  });
});

async function write(socket: Socket, [first = '', ...rest]: Answer): Promise<void> {
  if (socket.destroyed) return;
  await new Promise((resolve) => {
    socket.setNoDelay().write(Buffer.from(first, 'latin1'), resolve);
  });
  if (rest.length === 0) return void socket.end();
  setTimeout(() => void write(socket, rest), 5);
}
