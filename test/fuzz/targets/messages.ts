import type { ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { partsOf } from '../../../libs/messaging/src/bundle.js';
import { readParked } from '../../../libs/messaging/src/parked-copy.js';
import { decodeTable } from '../../../libs/messaging/src/bounded-tables.js';
import { listed, damage, damaged, pieces, textOf } from '../hostile.js';
import { jsonOf, type Recipe, recipes } from '../hostile-json.js';
import { target } from '../target.js';

const entries = recipes(['size', 'options', 'headers', 'messageId', 'x-death'], ['a']);
const wellFormed = fc
  .array(fc.tuple(fc.constantFrom('0', '1', '3', '-1', '1e9', '1.5', '"1"', '9007199254740993'), entries), {
    maxLength: 4,
  })
  .map((list): Recipe => [
    'list',
    list.map(([size, options]): Recipe => [
      'object',
      [
        [[['size', 1]], ['word', size]],
        [[['options', 1]], options],
      ],
    ]),
  ]);
const from = { name: 'demo.count.parked', origins: ['demo.count'], bundled: false };
const maxHeaderBytes = 128 * 1024;
const fields = {
  exchange: 'posthorn.queues',
  routingKey: 'demo.count.parked',
  consumerTag: '',
  deliveryTag: 1,
  redelivered: false,
};
const headerNames = listed(`
  x-death x-parked-id x-parked-reason x-parked-at x-parked-queue x-parked-exchange x-first-death-queue
  x-parked-routing-key CC BCC x-posthorn-second-look traceparent own`);

/** Tables and arrays in each other, as a publisher may write them; the numbers are tags of values and their bytes. */
const tables = fc.record({
  levels: fc.array(
    fc.tuple(fc.constantFrom('F' as const, 'A' as const), fc.integer({ min: 0, max: 12_000 })),
    {
      maxLength: 3,
    },
  ),
  value: fc.uint8Array({ maxLength: 20 }),
});

function tableOf({
  levels,
  value,
}: {
  levels: readonly (readonly [string, number])[];
  value: Uint8Array;
}): Buffer {
  const parts: Uint8Array[] = [value];
  let size = value.length;
  const kinds = levels.flatMap(([tag, times]) => Array.from({ length: times }, () => tag));
  for (const [index, tag] of kinds.entries()) {
    // In a table a name stands before each value.
    const isNamed = index === kinds.length - 1 || kinds[index + 1] === 'F';
    const head = Buffer.alloc(isNamed ? 6 : 5);
    head[head.length - 5] = tag.charCodeAt(0);
    head.writeUInt32BE(size, head.length - 4);
    parts.unshift(head);
    size += head.length;
  }
  return Buffer.concat(parts).subarray(0, maxHeaderBytes);
}

export const messageTargets = [
  target({
    name: 'amqp-table',
    input: tables,
    prepare: (input) => {
      const bytes = tableOf(input);
      return { bytes: bytes.length, run: () => decodeTable(bytes) };
    },
  }),
  target({
    name: 'bundle',
    input: fc.record({
      head: fc.oneof(entries, wellFormed),
      length: fc.oneof(fc.constant('right' as const), fc.integer({ min: 0, max: 0xff_ff_ff_ff })),
      rest: fc.integer({ min: 0, max: 20 }),
      damage,
    }),
    prepare: (input) => {
      const head = damaged(jsonOf(input.head), input.damage);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(input.length === 'right' ? head.length : input.length);
      const content = Buffer.concat([length, head, Buffer.alloc(input.rest, 'x')]);
      const message = { content, properties: { contentEncoding: 'posthorn-bundle', headers: {} }, fields };
      return {
        bytes: content.length,
        run: () => {
          const parts = partsOf(message as unknown as ConsumeMessage);
          return parts.reduce((sum, part) => sum + part.content.length, 0);
        },
        check: (read) =>
          Number(read) <= content.length ? undefined : `read ${String(read)} of ${content.length} bytes`,
      };
    },
  }),
  target({
    name: 'dead-letter',
    input: fc.record({
      headers: fc.array(
        fc.tuple(
          fc.constantFrom(...headerNames),
          recipes(
            ['reason', 'queue', 'exchange', 'routing-keys', 'time', 'value'],
            ['delivery_limit', '2026-02-30'],
          ),
        ),
        { maxLength: 6 },
      ),
      messageId: pieces([], 2),
    }),
    prepare: (input) => {
      const share = Math.floor(maxHeaderBytes / (input.headers.length + 1));
      const texts = input.headers.map(([name, value]) => [name, jsonOf(value, share)] as const);
      const headers = Object.fromEntries(texts.map(([name, value]) => [name, JSON.parse(value) as unknown]));
      const properties = { headers, messageId: textOf(input.messageId, 255) };
      const message = { content: Buffer.from('{}'), properties, fields } as unknown as ConsumeMessage;
      return {
        bytes: texts.reduce((sum, [name, value]) => sum + name.length + value.length, 0),
        run: () => {
          const { parked } = readParked(message, from);
          return [parked.id, parked.reason, parked.parkedAt, parked.queue];
        },
        check: (answer) => ((answer as string[])[3] === 'demo.count' ? undefined : 'believed a header'),
      };
    },
  }),
];
