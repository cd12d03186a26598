import type { MessageType } from '#libs/contracts';
import type { ConsumeMessage, MessageProperties } from 'amqplib';
import type { Encoded } from './codec.js';
import type { Incoming } from './queue-consumer.js';

/** The content encoding of a bundle; a message that travels alone has none. */
const bundleEncoding = 'posthorn-bundle';
const lengthBytes = 4;

/** One message of a bundle, as its head lists it. */
interface Entry {
  /** Of the body, in bytes. */
  readonly size: number;
  readonly options: Encoded['options'];
}

/**
 * Several messages of one type and one routing key as one message of RabbitMQ, which to a quorum queue costs as much as
 * one of them: the length of the head (4 bytes, big-endian), the head (JSON: of each message the size of its body in
 * bytes, and its properties), and the bodies. One message alone stays what it is.
 */
export function bundle(messages: readonly [Encoded, ...Encoded[]]): Encoded {
  const [first, ...others] = messages;
  if (others.length === 0) return first;
  const entries = messages.map(({ body, options }): Entry => ({ size: body.length, options }));
  const head = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32BE(head.length);
  return {
    routingKey: first.routingKey,
    body: Buffer.concat([length, head, ...messages.map(({ body }) => body)]),
    options: { contentEncoding: bundleEncoding },
  };
}

/** Whether messages of a class may come in bundles. */
export function isBundled({ bundleEveryMs }: MessageType): boolean {
  return bundleEveryMs !== undefined;
}

/** The messages of a bundle, each as if it had come alone. What is no bundle, or a damaged one, stays what it is. */
export function partsOf(carrier: ConsumeMessage): readonly ConsumeMessage[] {
  const head = carrier.properties.contentEncoding === bundleEncoding ? headOf(carrier.content) : undefined;
  if (!head) return [carrier];
  let end = head.bodiesAt;
  return head.entries.map(({ size, options }, index) => ({
    fields: carrier.fields,
    properties: propertiesOf(carrier.properties, options, index),
    content: carrier.content.subarray(end, (end += size)),
  }));
}

/**
 * As `partsOf`, where bundles are expected: elsewhere a message that says so of itself is not believed. The bundle is
 * acknowledged when all of its messages are, and left when all are over and one was left.
 */
export function partsInHand(
  incoming: Incoming,
  { bundled }: { readonly bundled: boolean },
): readonly Incoming[] {
  const messages = bundled ? partsOf(incoming.message) : [incoming.message];
  if (messages[0] === incoming.message) return [incoming];
  let inHand = messages.length;
  let settle = incoming.ack;
  return messages.map((message) => {
    let isInHand = true;
    const over = (): void => {
      if (!isInHand) return;
      isInHand = false;
      if (--inHand === 0) settle();
    };
    const leave = (): void => {
      if (isInHand) settle = incoming.leave;
      over();
    };
    return { ...incoming, message, ack: over, leave };
  });
}

function headOf(
  content: Buffer,
): { readonly entries: readonly Entry[]; readonly bodiesAt: number } | undefined {
  try {
    const bodiesAt = lengthBytes + content.readUInt32BE();
    const entries: unknown = JSON.parse(content.toString('utf8', lengthBytes, bodiesAt));
    if (!Array.isArray(entries) || entries.length === 0 || !entries.every(isEntry)) return undefined;
    const end = entries.reduce((sum, { size }) => sum + size, bodiesAt);
    return end === content.length ? { entries, bodiesAt } : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(entry: unknown): entry is Entry {
  if (typeof entry !== 'object' || entry === null) return false;
  const { size, options } = entry as Record<string, unknown>;
  return Number.isInteger(size) && Number(size) >= 0 && typeof options === 'object' && options !== null;
}

/** Of headers the bundle has only those that RabbitMQ wrote: how often it was delivered, and where from. */
function propertiesOf(
  carrier: MessageProperties,
  options: Entry['options'],
  index: number,
): MessageProperties {
  return {
    ...carrier,
    contentEncoding: undefined,
    ...options,
    messageId: `${String(carrier.messageId)}.${index}`,
    headers: { ...(options.headers as object | undefined), ...carrier.headers },
  };
}
