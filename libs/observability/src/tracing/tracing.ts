import type { Attributes, SpanContext } from '@opentelemetry/api';

/** Where a piece of work stands in its trace. */
export type TraceContext = SpanContext;

/** What trace context travels in: the headers of a request or of a message. */
export type Carrier = Readonly<Record<string, unknown>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  /** One without a parent begins a trace. */
  readonly parent: TraceContext | undefined;
  /** What it has to do with, and does not come of at once. */
  readonly links?: readonly TraceContext[];
  /** By OpenTelemetry's semantic conventions where they have a name, else `posthorn.…` as in the log. */
  readonly attributes: Attributes;
}

export interface TracedSpan {
  readonly context: TraceContext;
  add(attributes: Attributes): void;
  /** @param errorType one of a few, where it failed. */
  end(errorType?: string): void;
}

export interface Tracing {
  begin(start: SpanStart): TracedSpan;
  /** Runs it as part of this context: it is the current one to all that it calls and awaits. */
  within<Result>(context: TraceContext, run: () => Result): Result;
  readonly current: TraceContext | undefined;
  /** W3C Trace Context. @returns undefined where there is none, or none that can be read. */
  read(carrier: Carrier): TraceContext | undefined;
  write(context: TraceContext): Readonly<Record<string, string>>;
  /** Sends what has ended, for as long as that does not hold up a stop. */
  stop(): Promise<void>;
}

let live: Tracing | undefined;

/** Nothing while traces are off: what stands on the path of an event asks this first, and then does nothing more. */
export function tracing(): Tracing | undefined {
  return live;
}

export function traceWith(next: Tracing | undefined): void {
  live = next;
}
