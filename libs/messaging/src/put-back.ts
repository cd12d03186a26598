import { newId, type ParkedMessage, queueExchange } from '#libs/contracts';
import type { ConsumeMessage } from 'amqplib';
import type { Outgoing } from './publisher.js';
import type { Incoming } from './queue-consumer.js';
import { restorable } from './restorable.js';

/** On a message that was put back straight into its queue: where it had been published to at first. */
export const putBackHeader = {
  exchange: 'x-put-back-exchange',
  routingKey: 'x-put-back-routing-key',
  /** It is to be handled alone; the value is the id under which it is kept if consumers die of it again. */
  secondLook: 'x-looked-at-again',
} as const;

/** The message as it was, for the queue it was in and no other. */
export function putBack(parked: ParkedMessage, options: { readonly secondLook?: boolean } = {}): Outgoing {
  const properties = restorable(parked.properties);
  return {
    exchange: queueExchange,
    routingKey: parked.queue,
    body: parked.body,
    options: {
      ...properties,
      headers: {
        ...properties.headers,
        [putBackHeader.exchange]: parked.exchange,
        [putBackHeader.routingKey]: parked.routingKey,
        ...(options.secondLook && { [putBackHeader.secondLook]: newId('prk') }),
      },
    },
  };
}

/**
 * A message that was put back, as it came the first time. Only who collects parked messages may write to this
 * exchange by the names of queues: nobody else can pretend to have been put back.
 */
export function asItCame(incoming: Incoming): Incoming & { readonly isSecondLook: boolean } {
  const { message, queue } = incoming;
  const headers = message.properties.headers ?? {};
  const exchange: unknown = headers[putBackHeader.exchange];
  const routingKey: unknown = headers[putBackHeader.routingKey];
  const isPutBack = message.fields.exchange === queueExchange && message.fields.routingKey === queue;
  if (!isPutBack || typeof exchange !== 'string' || typeof routingKey !== 'string') {
    return { ...incoming, isSecondLook: false };
  }
  const restored: ConsumeMessage = {
    ...message,
    fields: { ...message.fields, exchange, routingKey },
    properties: {
      ...message.properties,
      headers: { ...restorable({ headers }, Object.values(putBackHeader)).headers },
    },
  };
  return { ...incoming, message: restored, isSecondLook: headers[putBackHeader.secondLook] !== undefined };
}
