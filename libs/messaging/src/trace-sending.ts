import { exchange } from '#libs/contracts';
import { type TracedSpan, tracing } from '#libs/observability';
import { type Encoded, typeOf } from './codec.js';
import { describeMessage } from './describe-message.js';
import { errorTypeOf } from './handler-metrics.js';
import { standings } from './traces.js';

/** The span of publishing a message that is part of a trace; the context of it goes with the message. */
export function beginSend(message: object, encoded: Encoded): TracedSpan | undefined {
  const live = tracing();
  if (!live) return undefined;
  const standing = standings.get(message);
  const parent = standing?.here ?? live.current;
  if (!parent) return undefined;
  const links = standing?.creation ? [standing.creation] : [];
  const span = live.begin({ ...startOf(message, encoded), parent, links });
  encoded.options.headers = { ...encoded.options.headers, ...live.write(span.context) };
  return span;
}

function startOf(message: object, { routingKey, body }: Encoded) {
  const { type } = typeOf(message);
  return {
    name: `send ${type}`,
    kind: 'producer' as const,
    attributes: {
      ...describeMessage('send', message, body.length),
      'messaging.destination.name': `${exchange}:${routingKey}`,
      'messaging.rabbitmq.destination.routing_key': routingKey,
    },
  };
}

/** Ends the span, if there is one, with the publishing. */
export function ending(span: TracedSpan | undefined, published: Promise<void>): Promise<void> {
  return span ? ended(span, published) : published;
}

async function ended(span: TracedSpan, published: Promise<void>): Promise<void> {
  try {
    await published;
    span.end();
  } catch (error) {
    span.end(errorTypeOf(error));
    throw error;
  }
}
