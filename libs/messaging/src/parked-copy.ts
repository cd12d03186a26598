import { createHash } from 'node:crypto';
import { type ParkedMessage, queueExchange } from '#libs/contracts';
import type { ConsumeMessage, MessageProperties, Options } from 'amqplib';
import { deliveryLimit, type ParkedQueue } from './topology-plan.js';
import { putBackHeader } from './put-back.js';
import { isSentTo, misaddressed } from './read-message.js';
import { restorable } from './restorable.js';

/** Why and whence a message was parked: AMQP headers, beside the message's own. */
export const parkedHeader = {
  id: 'x-parked-id',
  reason: 'x-parked-reason',
  at: 'x-parked-at',
  queue: 'x-parked-queue',
  exchange: 'x-parked-exchange',
  routingKey: 'x-parked-routing-key',
  headersDropped: 'x-parked-headers-dropped',
} as const;

/** What RabbitMQ writes on a message that it dead-letters; the newest comes first. */
interface Death {
  readonly reason?: unknown;
  readonly queue?: unknown;
  readonly exchange?: unknown;
  readonly 'routing-keys'?: readonly unknown[];
  readonly time?: { readonly value?: unknown };
}

export interface ParkedCopy {
  readonly parked: ParkedMessage;
  /**
   * Consumers died with it in hand until RabbitMQ gave it up, for the first time: it may only have been beside the one
   * that they died of.
   */
  readonly isFirstDeath: boolean;
}

const maxReasonLength = 2000;

/** The message's own properties and headers, and ours. */
export function optionsOfCopy(
  message: ConsumeMessage,
  parking: { readonly id: string; readonly reason: string; readonly queue: string },
): { readonly whole: Options.Publish; readonly withoutItsOwn: Options.Publish } {
  const why = {
    [parkedHeader.id]: parking.id,
    [parkedHeader.reason]: parking.reason.slice(0, maxReasonLength),
    [parkedHeader.at]: new Date().toISOString(),
    [parkedHeader.queue]: parking.queue,
    [parkedHeader.exchange]: message.fields.exchange,
    [parkedHeader.routingKey]: message.fields.routingKey,
  };
  const properties = restorable(message.properties);
  return {
    whole: { ...properties, headers: { ...properties.headers, ...why } },
    withoutItsOwn: { headers: { ...why, [parkedHeader.headersDropped]: true } },
  };
}

/**
 * Reads what lies in a parked queue: our own copy, or a message that RabbitMQ dead-lettered. A header of the message
 * itself decides nothing here: an outside publisher may have written it.
 */
export function readParked(message: ConsumeMessage, from: ParkedQueue): ParkedCopy {
  if (!isSentTo(from.name, message.fields)) return { parked: readStray(message, from), isFirstDeath: false };
  const deaths = message.properties.headers?.['x-death'] as readonly (Death | null)[] | undefined;
  const death = deaths?.[0] ?? undefined;
  return death === undefined
    ? { parked: readCopy(message, from), isFirstDeath: false }
    : readDeath(message, from, death);
}

function readCopy({ properties, content }: ConsumeMessage, from: ParkedQueue): ParkedMessage {
  const text = (header: string): string => textOf(properties.headers?.[header]);
  const own = Object.values<string>(parkedHeader);
  return {
    id: text(parkedHeader.id) || idOf(properties, content),
    reason: text(parkedHeader.reason) || 'not known',
    parkedAt: timeOf(Date.parse(text(parkedHeader.at))),
    queue: queueOf(text(parkedHeader.queue), from),
    exchange: text(parkedHeader.exchange),
    routingKey: text(parkedHeader.routingKey),
    properties: { ...restorable(properties, own) },
    body: content,
  };
}

/** Somebody had it handed on to here: nothing that it says of itself is believed. */
function readStray({ properties, content, fields }: ConsumeMessage, from: ParkedQueue): ParkedMessage {
  const { exchange, routingKey } = fields;
  return {
    id: idOf(properties, content),
    reason: misaddressed(fields),
    parkedAt: new Date().toISOString(),
    queue: queueOf('', from),
    exchange,
    routingKey,
    properties: { ...restorable(properties, Object.values(parkedHeader)) },
    body: content,
  };
}

function readDeath(message: ConsumeMessage, from: ParkedQueue, death: Death): ParkedCopy {
  const { lookedAtAs, ...origin } = originOf(message, death);
  const parked: ParkedMessage = {
    ...origin,
    id: lookedAtAs || idOf(message.properties, message.content),
    reason: reasonOf(death, lookedAtAs !== ''),
    parkedAt: timeOf(Number(death.time?.value) * 1000),
    queue: queueOf(textOf(death.queue), from),
    body: message.content,
  };
  return { parked, isFirstDeath: death.reason === 'delivery_limit' && lookedAtAs === '' };
}

/** Only we publish straight into a queue: what says so of itself without having come that way is not believed. */
function originOf({ properties }: ConsumeMessage, death: Death) {
  const key = textOf(death['routing-keys']?.[0]);
  if (death.exchange !== queueExchange || key !== death.queue) {
    return {
      exchange: textOf(death.exchange),
      routingKey: key,
      lookedAtAs: '',
      properties: { ...restorable(properties) },
    };
  }
  const text = (header: string): string => textOf(properties.headers?.[header]);
  return {
    exchange: text(putBackHeader.exchange),
    routingKey: text(putBackHeader.routingKey),
    lookedAtAs: text(putBackHeader.secondLook),
    properties: { ...restorable(properties, Object.values(putBackHeader)) },
  };
}

function reasonOf(death: Death, wasAlone: boolean): string {
  if (death.reason !== 'delivery_limit') return `RabbitMQ dead-lettered it: ${textOf(death.reason)}`;
  const times = deliveryLimit + 1;
  return wasAlone
    ? `its consumer died with it ${2 * times} times, ${times} of them while it was handled alone`
    : `its consumer died with it ${times} times`;
}

/** The queue as it is said, if it is one whose messages come here. */
function queueOf(said: string, from: ParkedQueue): string {
  return from.origins.find((origin) => origin === said) ?? from.origins[0] ?? '';
}

/** For what is in a parked queue and was never given an id. */
function idOf({ messageId }: MessageProperties, body: Buffer): string {
  const hash = createHash('sha256')
    .update(`${String(messageId)}\n`)
    .update(body)
    .digest('hex');
  return `prk_${hash.slice(0, 26).toUpperCase()}`;
}

function timeOf(ms: number): string {
  return new Date(Number.isFinite(ms) ? ms : Date.now()).toISOString();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
