import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Egress, EgressConfig, egressPolicy } from '#libs/egress';
import fc from 'fast-check';
import { listed, type Pieces, pieces, textOf } from '../hostile.js';
import { target } from '../target.js';

const timeoutMs = 400;
/** After its deadline an attempt has to be over, however busy the machine is. */
const lateMs = 5000;
const maxAnswerBytes = 128 * 1024;

const lines = [
  ...listed(`
  `),
  'HTTP/1.1 200 OK\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\n',
  'HTTP/1.1 103 Early Hints\r\n',
  'HTTP/1.1 000 X\r\n',
  'HTTP/1.1 099 X\r\n',
  'HTTP/1.1 102 Processing\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n',
  'HTTP/1.0 200 OK\r\n',
  'HTTP/1.1 999 X\r\n',
  'HTTP/1.1 1000 X\r\n',
  'HTTP/1.1 304 Not Modified\r\n',
  'HTTP/2 200\r\n',
  'HTTP/1.1 429 \r\n',
  'ICY 200 OK\r\n',
];
const headers = [
  ...listed(`
  `),
  'Content-Length: 0\r\n',
  'Content-Length: 5\r\n',
  'Content-Length: -1\r\n',
  'Content-Length: 1e3\r\n',
  'Connection: close\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Connection: upgrade\r\nUpgrade: websocket\r\n',
  'Retry-After: 1\r\n',
  ' folded: x\r\n',
  ': x\r\n',
  'X: \u0000\r\n',
  'Trailer: x\r\n',
  'X-A: ',
  'Content-Encoding: gzip\r\n',
  'Set-Cookie: a\r\n',
  '\r\n',
];
const bodies = [
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  'ffffffffffffffff\r\n',
  '-5\r\n',
  '0\r\n\r\n',
  'HTTP/1.1 200 OK\r\n\r\n',
  '\r\n',
];

interface Answer {
  readonly status: string;
  readonly head: Pieces;
  readonly body: Pieces;
  /** What comes before all of it, or instead. */
  readonly before: Pieces;
  readonly cuts: readonly number[];
  readonly end: 'end' | 'reset' | 'stay';
}

const answers: fc.Arbitrary<Answer> = fc.record({
  before: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: pieces([...lines, ...headers], 3) },
  ),
  status: fc.constantFrom(...lines),
  head: pieces(headers, 4),
  body: pieces(bodies, 3),
  cuts: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }),
  end: fc.constantFrom('end' as const, 'end' as const, 'reset' as const, 'stay' as const),
});

/** A server that answers every request with the same bytes. */
class RawServer {
  #answer: Answer | undefined;
  readonly #server = createServer((socket) => this.#serve(socket));

  async listening(): Promise<number> {
    if (!this.#server.listening) {
      this.#server.listen(0, '127.0.0.1');
      this.#server.unref();
      await once(this.#server, 'listening');
    }
    return (this.#server.address() as AddressInfo).port;
  }

  set answer(answer: Answer) {
    this.#answer = answer;
  }

  #serve(socket: Socket): void {
    socket.on('error', () => undefined);
    socket.unref();
    socket.once('data', () => void this.#write(socket));
  }

  async #write(socket: Socket): Promise<void> {
    const answer = this.#answer;
    if (!answer) return;
    for (const part of partsOf(answer)) {
      if (socket.destroyed) return;
      socket.write(part);
      await delay(1);
    }
    if (answer.end === 'reset') socket.resetAndDestroy();
    if (answer.end === 'end') socket.end();
  }
}

function partsOf({ before, status, head, body, cuts }: Answer): Buffer[] {
  const room = maxAnswerBytes / 4;
  const text = `${textOf(before, room)}${status}${textOf(head, room)}\r\n${textOf(body, room)}`;
  const bytes = Buffer.from(text, 'latin1');
  const places = [
    0,
    ...cuts.map((cut) => Math.floor(cut * bytes.length)).toSorted((a, b) => a - b),
    bytes.length,
  ];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const policy = egressPolicy(
  Object.assign(new EgressConfig(), {
    EGRESS_ALLOW_HTTP: true,
    EGRESS_ALLOW_CIDRS: ['127.0.0.0/8'],
    EGRESS_ALLOW_PORTS: ['*'],
  }),
);
const server = new RawServer();

export const answerTargets = [
  target({
    name: 'http-answer',
    input: answers,
    // None: whatever an endpoint sends is the end of an attempt.
    documents: () => false,
    cost: { fixedMs: 100, msPerKiB: 1 },
    prepare: (answer) => ({
      bytes: partsOf(answer).reduce((sum, { length }) => sum + length, 0),
      run: () => attempt(answer),
      check: (ending) =>
        (ending as { tookMs: number }).tookMs <= timeoutMs + lateMs
          ? undefined
          : 'went on after its deadline',
    }),
  }),
];

async function attempt(answer: Answer): Promise<object> {
  const port = await server.listening();
  server.answer = answer;
  const egress = new Egress({ policy });
  const startedAtMs = performance.now();
  try {
    const url = `http://127.0.0.1:${port}/`;
    const { result } = await egress.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs });
    return { result, tookMs: performance.now() - startedAtMs };
  } finally {
    await egress.close();
  }
}
