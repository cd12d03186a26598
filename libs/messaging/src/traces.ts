import { type TraceContext, type Tracing, tracing } from '#libs/observability';

/** Where a message stands in its trace: what is published because of it goes on from there. */
interface Standing {
  readonly here: TraceContext;
  /** As it came with the message: of whoever published it. */
  readonly creation?: TraceContext | undefined;
}

/** A trace to be gone on with later, perhaps in another process: as it is kept in a database. */
export interface KeptTrace {
  readonly traceparent: string;
  readonly tracestate?: string;
  /** The `traceparent` of what came before. */
  readonly link?: string;
}

/** Beside the messages, so that none of them is another one on the wire. */
export const standings = new WeakMap<object, Standing>();
const sampled = 1;

/**
 * Says which message of a batch another one is published because of, so that it goes on in that one's trace. A handler
 * of single messages has no need to: there it is known.
 */
export function causedBy<Message extends object>(cause: object, message: Message): Message {
  const standing = tracing() && standings.get(cause);
  if (standing) standings.set(message, { here: standing.here });
  return message;
}

/** What to keep of a handled message, so that what follows later can be in its trace; nothing if it is in none. */
export function traceOf(message: object): KeptTrace | undefined {
  const live = tracing();
  const standing = live && standings.get(message);
  return live && standing && isSampled(standing.here) ? kept(live, standing) : undefined;
}

function isSampled({ traceFlags }: TraceContext): boolean {
  return (traceFlags & sampled) !== 0;
}

function kept(live: Tracing, { here, creation }: Standing): KeptTrace {
  const { traceparent = '', ...state } = live.write(here);
  const link = creation && live.write(creation)['traceparent'];
  return { traceparent, ...state, ...(link !== undefined && { link }) };
}

/** A message that goes on in a trace that was kept, and is linked to what came before in it. */
export function resumed<Message extends object>(message: Message, trace: KeptTrace | null): Message {
  const live = trace ? tracing() : undefined;
  const here = live?.read({ ...trace });
  if (here) standings.set(message, { here, creation: live?.read({ traceparent: trace?.link }) });
  return message;
}
