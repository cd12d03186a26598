import type { EventSource } from '#libs/contracts';
import { isMarkedTransient } from '#libs/messaging';
import { counter } from '#libs/observability';

const accepted = counter(
  {
    name: 'posthorn_events_accepted_total',
    help: 'Events of which RabbitMQ has confirmed that it has them, by door. The same id again counts again: see posthorn_events_repeated_total.',
    labels: ['door'],
  },
  [{ door: 'http' }, { door: 'amqp' }],
);

const refused = counter(
  {
    name: 'posthorn_events_refused_total',
    help: 'Events that were in order and not accepted, by door. unavailable: RabbitMQ did not confirm in time; over HTTP the publisher was told 503, on the broker door the message waits.',
    labels: ['door', 'reason'],
  },
  [
    { door: 'http', reason: 'unavailable' },
    { door: 'amqp', reason: 'unavailable' },
  ],
);

export function countAccepted(door: EventSource): void {
  accepted.inc({ door });
}

export function countRefused(door: EventSource, error: unknown): void {
  refused.inc({ door, reason: isMarkedTransient(error) ? 'unavailable' : 'internal_error' });
}
