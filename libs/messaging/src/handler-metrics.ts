import { isProblem } from '#libs/contracts';
import { counter, histogram, workBuckets } from '#libs/observability';

const queue = 'messaging_destination_name';

const processed = histogram(
  {
    name: 'messaging_process_duration_seconds',
    help: 'How long handlers took, by queue and by why they failed (error_type, empty for success). A batch is one run; partitions of a queue are one.',
    labels: [queue, 'error_type'],
  },
  workBuckets,
);

const consumed = counter({
  name: 'messaging_client_consumed_messages_total',
  help: 'Messages given to handlers, by queue; one that is tried again counts again.',
  labels: [queue],
});

const parked = counter({
  name: 'posthorn_messages_parked_total',
  help: 'Messages that could not be processed and were set aside, by queue.',
  labels: [queue],
});

const dropped = counter({
  name: 'posthorn_broadcasts_dropped_total',
  help: 'Broadcasts that could not be read or handled and were dropped, by queue: the process reads what they announce from its owner a few seconds later.',
  labels: [queue],
});

const known = new Set([
  'BrokerUnavailableError',
  'UnroutableError',
  'PublishRefusedError',
  'DatabaseUnavailableError',
  'HandlerTimeoutError',
]);

/** From here on a queue is shown, also while nothing comes to it. */
export function showQueue(name: string): void {
  consumed.inc({ [queue]: name }, 0);
  parked.inc({ [queue]: name }, 0);
  processed.zero({ [queue]: name, error_type: '' });
}

export function countDropped(name: string): void {
  dropped.inc({ [queue]: name });
}

export function countParked(name: string): void {
  parked.inc({ [queue]: name });
}

/** Counts and times one run of a queue's handler; every handler of every service goes through here. */
export async function measured<Result>(
  name: string,
  messages: number,
  run: () => Promise<Result>,
): Promise<Result> {
  consumed.inc({ [queue]: name }, messages);
  const startedAtMs = performance.now();
  const end = (errorType: string): void =>
    processed.observe({ [queue]: name, error_type: errorType }, (performance.now() - startedAtMs) / 1000);
  try {
    const result = await run();
    end('');
    return result;
  } catch (error) {
    end(errorTypeOf(error));
    throw error;
  }
}

/** One of a few: a problem's code, the name of an error of ours, or OpenTelemetry's word for any other. */
export function errorTypeOf(error: unknown): string {
  if (isProblem(error)) return error.code;
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  return known.has(name) ? name : '_OTHER';
}
