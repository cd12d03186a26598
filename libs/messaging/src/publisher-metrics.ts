import { histogram, workBuckets } from '#libs/observability';

const operation = { messaging_operation_name: 'send', error_type: '' };

const durations = histogram(
  {
    name: 'messaging_client_operation_duration_seconds',
    help: 'From writing a message to the confirm of the broker, or to giving up on it (error_type, empty for success).',
    labels: ['messaging_operation_name', 'error_type'],
  },
  workBuckets,
);
durations.zero(operation);

const errorTypes = new Set([
  'BrokerUnavailableError',
  'UnroutableError',
  'PublishRefusedError',
  'window_full',
]);

/** To be called once for each message that is published, when it is known what came of it. */
export function sent(seconds: number, errorType?: string): void {
  if (errorType === undefined) durations.observe(operation, seconds);
  else
    durations.observe(
      { ...operation, error_type: errorTypes.has(errorType) ? errorType : '_OTHER' },
      seconds,
    );
}
