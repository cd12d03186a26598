import type { QueueDefinition } from '#libs/contracts';
import { type TracedSpan, type Tracing, tracing } from '#libs/observability';
import { describeMessage } from './describe-message.js';
import { errorTypeOf } from './handler-metrics.js';
import type { Incoming } from './queue-consumer.js';
import { standings } from './traces.js';

/**
 * Runs a handler under a span for each of its messages, the parent of which is its publisher's; a single one is
 * current in all that the handler does. A trace begins with what comes from outside: a message of our own that is in
 * none stays in none.
 */
export async function traced<Result>(
  { definition, messages, incoming }: Handled,
  run: () => Promise<Result>,
): Promise<Result> {
  const live = tracing();
  if (!live || definition.kind === 'collect') return run();
  const spans = messages.map((message, index) => beginProcessing(live, message, definition, incoming[index]));
  try {
    const result = await runWithin(live, spans, run);
    endAll(spans, (index) => (isParked(result, index) ? 'parked' : undefined));
    return result;
  } catch (error) {
    endAll(spans, () => errorTypeOf(error));
    throw error;
  }
}

function endAll(
  spans: readonly (TracedSpan | undefined)[],
  errorTypeAt: (index: number) => string | undefined,
): void {
  for (const [index, span] of spans.entries()) span?.end(errorTypeAt(index));
}

function runWithin<Result>(
  live: Tracing,
  [first, ...others]: readonly (TracedSpan | undefined)[],
  run: () => Promise<Result>,
): Promise<Result> {
  return first && others.length === 0 ? live.within(first.context, run) : run();
}

interface Handled {
  readonly definition: QueueDefinition;
  readonly messages: readonly object[];
  readonly incoming: readonly Incoming[];
}

function beginProcessing(
  live: Tracing,
  message: object,
  definition: QueueDefinition,
  incoming: Incoming | undefined,
): TracedSpan | undefined {
  if (!incoming) return undefined;
  const { fields, properties, content } = incoming.message;
  const creation = live.read(properties.headers ?? {});
  if (!creation && definition.message.encoding !== 'foreign') return undefined;
  const span = live.begin({
    name: `process ${definition.name}`,
    kind: 'consumer',
    parent: creation,
    attributes: {
      ...describeMessage('process', message, content.length),
      'messaging.destination.name': `${fields.exchange}:${fields.routingKey}:${incoming.queue}`,
      'messaging.rabbitmq.destination.routing_key': fields.routingKey,
    },
  });
  standings.set(message, { here: span.context, creation });
  return span;
}

function isParked(result: unknown, index: number): boolean {
  const outcome: unknown = Array.isArray(result) ? result[index] : result;
  return typeof outcome === 'object' && outcome !== null && 'park' in outcome;
}
