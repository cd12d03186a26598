/** Of webhooks, and of what is published because of one: over HTTP and AMQP alike. */
export const hopsHeader = 'posthorn-hops';

/** An event that more webhooks led to is not accepted: it is part of a loop. */
export const maxHops = 4;
