import { ingestExchange, type ParkedMessage, topology } from '#libs/contracts';

/** What a dead letter is about. */
export interface Subject {
  readonly tenantId: string | null;
  readonly deliveryId: string | null;
  readonly acceptanceId: string | null;
}

/** Our own messages in JSON are far smaller. */
const maxReadBytes = 1024 * 1024;
const maxIdLength = 256;

/**
 * Reads what a dead letter is about, as far as it can be read. Of a publisher's message its routing key alone counts, by
 * which it says whose it is: its headers and body are the publisher's own.
 */
export function subjectOf(message: ParkedMessage): Subject {
  if (message.exchange === ingestExchange)
    return { tenantId: idOf(message.routingKey), deliveryId: null, acceptanceId: null };
  const fields = fieldsOf(message);
  const tenantId = idOf(fields['tenantId']);
  // The alerts have copies of reports. The ledger has the report itself, or waits for it.
  if (message.queue.startsWith('alerts.')) return { tenantId, deliveryId: null, acceptanceId: null };
  return {
    tenantId,
    deliveryId: idOf(fields['deliveryId']),
    acceptanceId: idOf(fields['acceptanceId']),
  };
}

function fieldsOf({ queue, properties, body }: ParkedMessage): Record<string, unknown> {
  const name = queue.replace(/\.p\d+$/, '');
  const encoding = topology.find((definition) => definition.name === name)?.message.encoding;
  if (encoding === 'headers') return asFields(properties['headers']);
  return encoding === 'json' && body.length <= maxReadBytes ? asFields(parse(body)) : {};
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function asFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Postgres takes no NUL, and an index no long text. */
function idOf(value: unknown): string | null {
  const isId = typeof value === 'string' && value.length <= maxIdLength && !value.includes('\u0000');
  return isId ? value : null;
}
