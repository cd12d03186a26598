import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

/** What a name has at one moment; `silent` for a server that does not answer. */
export type Zone = { readonly addresses: readonly string[]; readonly alias?: string } | 'silent' | 'unknown';

const types = { A: 1, CNAME: 5, AAAA: 28 } as const;
const headBytes = 12;
const pointerToQuestion = Buffer.from([0xc0, 0x0c]);

/** A name server for tests, over UDP on loopback. Each look-up of a name takes its next zone; the last one stays. */
export class DnsServer {
  readonly #zones = new Map<string, Zone[]>();
  readonly #resolvers = new Set<Resolver>();

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

  /** Asks this server as a resolver would, IPv4 first. Rejects with the resolver's code. */
  readonly lookup = async (name: string): Promise<{ address: string; family: number }[]> => {
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${this.socket.address().port}`]);
    this.#resolvers.add(resolver);
    const v4 = await resolver.resolve4(name).catch(whereNoData);
    const v6 = await resolver.resolve6(name).catch(whereNoData);
    return [...v4, ...v6].map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }));
  };

  /** Also ends the look-ups that wait. */
  async stop(): Promise<void> {
    for (const resolver of this.#resolvers) resolver.cancel();
    this.socket.close();
    await once(this.socket, 'close');
  }

  #replyTo(query: Buffer): Buffer | undefined {
    const { name, type, end } = questionOf(query);
    const zones = this.#zones.get(name) ?? ['unknown'];
    const zone = zones[0] ?? 'unknown';
    // One look-up asks for both kinds of address.
    if (type === types.AAAA && zones.length > 1) zones.shift();
    if (zone === 'silent') return undefined;
    const records = zone === 'unknown' ? [] : recordsOf(zone, type);
    const head = Buffer.alloc(headBytes);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(zone === 'unknown' ? 0x8183 : 0x8180, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    return Buffer.concat([head, query.subarray(headBytes, end), ...records]);
  }
}

function whereNoData(error: { code?: string }): string[] {
  if (error.code === 'ENODATA') return [];
  throw error;
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

function recordsOf({ addresses, alias }: Exclude<Zone, string>, type: number): Buffer[] {
  const owner = alias === undefined ? pointerToQuestion : encoded(alias);
  const wanted = addresses.filter((address) => isIPv4(address) === (type === types.A));
  const found = wanted.map((address) => record(owner, type, bytesOf(address)));
  return alias === undefined ? found : [record(pointerToQuestion, types.CNAME, encoded(alias)), ...found];
}

function record(owner: Buffer, type: number, data: Buffer): Buffer {
  const middle = Buffer.alloc(10);
  middle.writeUInt16BE(type, 0);
  middle.writeUInt16BE(1, 2);
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
