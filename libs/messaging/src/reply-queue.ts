import { randomUUID } from 'node:crypto';

/** Named after the app, so that its RabbitMQ user may be let declare and read it. */
export function newReplyQueue(app: string): string {
  return `${app}.replies.${randomUUID()}`;
}

/** Where a reply may go, so that nobody who asks can have a service write anything else. */
export function isReplyQueue(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z-]+\.replies\.[\da-f-]+$/.test(name);
}
