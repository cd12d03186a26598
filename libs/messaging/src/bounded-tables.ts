import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type Table = Record<string, unknown>;

/** Stands in place of headers that are nested too deep, or that cannot be decoded. */
export const unreadableHeaders = 'x-posthorn-unreadable-headers';

/** RabbitMQ's own headers, such as `x-death`, have three levels. */
const maxDepth = 16;
const unreadable: Table = { [unreadableHeaders]: true };

const require = createRequire(import.meta.url);
// amqplib exports no codec: by its path, and before amqplib itself is loaded, which keeps what is there then.
const codec = require(join(dirname(require.resolve('amqplib')), 'lib/codec.js')) as {
  decodeFields: (bytes: Buffer) => Table;
};
const decodeFields = codec.decodeFields;
codec.decodeFields = decodeTable;

/**
 * Decodes an AMQP table. amqplib decodes tables inside of tables by recursion without a bound, and an error there closes
 * the connection: a message of an outside publisher would come back to each new connection.
 */
export function decodeTable(bytes: Buffer): Table {
  try {
    const table = decodeFields(bytes);
    return isShallow(table) ? table : unreadable;
  } catch {
    return unreadable;
  }
}

/** Level by level and without recursion. */
function isShallow(table: Table): boolean {
  let level: unknown[] = [table];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return false;
    level = level.flatMap(membersOf);
  }
  return true;
}

function membersOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return [];
  return Object.values(value).filter((member) => typeof member === 'object' && member !== null);
}
