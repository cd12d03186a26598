import { randomUUID } from 'node:crypto';
import { queueExchange } from '#libs/contracts';
import type { Message } from 'amqplib';

/** Named after the app, so that its RabbitMQ user may be let declare and read it. */
export function newReplyQueue(app: string): string {
  return `${app}.replies.${randomUUID()}`;
}

/** Where a reply may go, so that no requester can have a service write anything else. */
export function isReplyQueue(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z-]+\.replies\.[\da-f-]+$/.test(name);
}

/**
 * The routing key of a reply ends with the service that answers, and a service's RabbitMQ user may publish with its own
 * name only: the key that a reply shows is proof of its sender.
 */
export function replyKey(replyQueue: string, responder: string): string {
  return `${replyQueue}.${responder}`;
}

/** Matches the replies of every service. */
export function anyReplyKey(replyQueue: string): string {
  return `${replyQueue}.*`;
}

/** As a regular expression: the routing keys that a service may answer with. */
export function replyKeysOf(responder: string): string {
  return `[a-z-]+\\.replies\\.[0-9a-f-]+\\.${responder}`;
}

/** The service that wrote a reply of this queue; undefined for what came any other way. */
export function responderOf(replyQueue: string, { fields }: Pick<Message, 'fields'>): string | undefined {
  const prefix = `${replyQueue}.`;
  const isReply = fields.exchange === queueExchange && fields.routingKey.startsWith(prefix);
  return isReply ? fields.routingKey.slice(prefix.length) : undefined;
}
