import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

/** What a name has at one moment; `silent` for a server that does not answer. */
export type Zone = Records | 'silent' | 'unknown';

interface Records {
  readonly addresses: readonly string[];
  readonly alias?: string;
  /** 0 if not given: not to be kept. */
  readonly ttlS?: number;
  /** A question for IPv6 addresses is not answered. */
  readonly silentForV6?: boolean;
}

const types = { A: 1, CNAME: 5, AAAA: 28 } as const;
const headBytes = 12;
const pointerToQuestion = Buffer.from([0xc0, 0x0c]);

/** A name server for tests, over UDP on loopback. Each look-up of a name takes its next zone; the last one stays. */
export class DnsServer {
  readonly #zones = new Map<string, Zone[]>();
  /** The names asked for, once for each question for IPv4 addresses, repeated ones included. */
  readonly questions: string[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('message', (query, { port, address }) => {
      const reply = this.#replyTo(query);
      if (reply) socket.send(reply, port, address);
    });
  }

  static async start(): Promise<DnsServer> {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return new DnsServer(socket);
  }

  zone(name: string, ...zones: Zone[]): this {
    this.#zones.set(name, zones);
    return this;
  }

  /** For a resolver: address and port. */
  get address(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  #replyTo(query: Buffer): Buffer | undefined {
    const { name, type, end } = questionOf(query);
    if (type === types.A) this.questions.push(name);
    const zone = this.#zoneOf(name, type);
    if (isSilent(zone, type)) return undefined;
    const records = typeof zone === 'object' ? recordsOf(zone, type) : [];
    const head = Buffer.alloc(headBytes);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(zone === 'unknown' ? 0x8183 : 0x8180, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, query.subarray(headBytes, end), ...records]);
  }

  #zoneOf(name: string, type: number): Zone {
    const zones = this.#zones.get(name) ?? [];
    const zone = zones[0] ?? 'unknown';
    // One look-up asks for both kinds of address.
    if (type === types.AAAA && zones.length > 1) zones.shift();
    return zone;
  }
}

function isSilent(zone: Zone, type: number): boolean {
  return typeof zone === 'object' ? zone.silentForV6 === true && type === types.AAAA : zone === 'silent';
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = headBytes;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function recordsOf({ addresses, alias, ttlS = 0 }: Records, type: number): Buffer[] {
  const owner = alias === undefined ? pointerToQuestion : encoded(alias);
  const wanted = addresses.filter((address) => isIPv4(address) === (type === types.A));
  const found = wanted.map((address) => record(owner, { type, ttlS }, bytesOf(address)));
  return alias === undefined
    ? found
    : [record(pointerToQuestion, { type: types.CNAME, ttlS }, encoded(alias)), ...found];
}

function record(owner: Buffer, { type, ttlS }: { type: number; ttlS: number }, data: Buffer): Buffer {
  const middle = Buffer.alloc(10);
  middle.writeUInt16BE(type, 0);
  middle.writeUInt16BE(1, 2);
  middle.writeUInt32BE(ttlS, 4);
  middle.writeUInt16BE(data.length, 8);
  return Buffer.concat([owner, middle, data]);
}

function encoded(name: string): Buffer {
  const labels = name
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

/** IPv6 with its eight groups, or with `::` at one place. */
function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string): number[] =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  const [first, last] = [groups(head), groups(tail)];
  const bytes = Buffer.alloc(16);
  first.forEach((group, index) => bytes.writeUInt16BE(group, index * 2));
  last.forEach((group, index) => bytes.writeUInt16BE(group, 16 - (last.length - index) * 2));
  return bytes;
}
