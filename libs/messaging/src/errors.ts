/** An error that passes by itself: the message is kept and tried again in place, never parked for it. */
export interface TransientError extends Error {
  readonly transient: true;
}

/** The broker is away, blocked, or full; what was to be published is not known to be stored. */
export class BrokerUnavailableError extends Error implements TransientError {
  override readonly name = 'BrokerUnavailableError';
  readonly transient = true;
}

/** The broker took the message and had no queue for it: a queue was deleted, or was never declared. */
export class UnroutableError extends Error implements TransientError {
  override readonly name = 'UnroutableError';
  readonly transient = true;
}

/** This service's RabbitMQ user may not publish to this address. The message is kept: the rights may be corrected. */
export class PublishRefusedError extends Error implements TransientError {
  override readonly name = 'PublishRefusedError';
  readonly transient = true;

  constructor({ exchange, routingKey }: { readonly exchange: string; readonly routingKey: string }) {
    super(
      `RabbitMQ refuses ${routingKey} at the exchange ${exchange} to this service's user: provision RabbitMQ again.`,
    );
  }
}

/** A queue or exchange exists with other arguments than the topology gives it. */
export class TopologyMismatchError extends Error {
  override readonly name = 'TopologyMismatchError';
}

/** The queue of a service that has not been there yet, or of one that is away since RabbitMQ lost its data. */
export class QueueMissingError extends Error {
  override readonly name = 'QueueMissingError';

  constructor(queue: string) {
    const service = queue.slice(0, queue.indexOf('.'));
    super(`Nothing is published before ${queue} is there: start ${service}, or provision RabbitMQ again.`);
  }
}

/** The app's handlers and the topology do not fit together. */
export class HandlerMismatchError extends Error {
  override readonly name = 'HandlerMismatchError';
}

/** The broker refused the credentials or has no such virtual host: waiting does not help. */
export class BrokerRefusedError extends Error {
  override readonly name = 'BrokerRefusedError';
}

export class DecodeError extends Error {
  override readonly name = 'DecodeError';

  constructor(
    message: string,
    readonly faults: readonly { path: string; message: string }[] = [],
  ) {
    super(message);
  }
}

export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
}

/** RabbitMQ's ACCESS_REFUSED. */
export function isForbidden(error: unknown): boolean {
  return (error as { code?: unknown }).code === 403;
}

export function isMarkedTransient(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'transient' in error && error.transient === true;
}
