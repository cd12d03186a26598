import { decodeTable, unreadableHeaders } from './bounded-tables.js';

/** As a publisher writes it who does not use amqplib. `A` is a tag of AMQP's for an array, `F` for a table. */
function nested(tag: 'A' | 'F', levels: number): Buffer {
  const parts: Buffer[] = [];
  let size = 0;
  for (let level = 0; level < levels; level++) {
    const name = tag === 'F' || level === levels - 1 ? [0] : [];
    const head = Buffer.alloc(name.length + 5);
    head[name.length] = tag.charCodeAt(0);
    head.writeUInt32BE(size, name.length + 1);
    parts.unshift(head);
    size += head.length;
  }
  return Buffer.concat(parts);
}

describe('an AMQP table', () => {
  it('is decoded where it is as deep as those of RabbitMQ', () => {
    expect(decodeTable(nested('F', 3))).toEqual({ '': { '': { '': {} } } });
    expect(decodeTable(nested('A', 3))).toEqual({ '': [[[]]] });
  });

  it.each([
    ['tables in tables', nested('F', 17)],
    ['as many as a frame holds', nested('F', 21_000)],
    ['arrays in arrays', nested('A', 26_000)],
    ['a tag that AMQP does not have', Buffer.from([1, 0x61, 0x3f])],
    ['a length beyond the end', Buffer.from([1, 0x61, 0x53, 0xff, 0xff])],
  ])('is no error of the connection: %s', (_, bytes) => {
    expect(decodeTable(bytes)).toEqual({ [unreadableHeaders]: true });
  });
});
