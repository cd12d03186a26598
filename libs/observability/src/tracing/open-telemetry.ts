import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { type ExportLog, ObservedExporter } from './observed-exporter.js';
import type { Carrier, SpanStart, TraceContext, TracedSpan, Tracing } from './tracing.js';

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

const stopDeadlineMs = 3000;

/**
 * Traces over OpenTelemetry's SDK, which reads its standard variables itself: address, headers, sampler, limits. What
 * has ended waits in a bounded queue to be sent; what finds no room there is dropped, and nobody waits for a collector.
 */
export class OpenTelemetry implements Tracing {
  readonly #current = new AsyncLocalStorage<TraceContext>();
  readonly #propagator = new W3CTraceContextPropagator();
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;

  constructor(service: { readonly name: string; readonly version: string }, log: ExportLog) {
    const exporter = new ObservedExporter(new OTLPTraceExporter(), log);
    this.#provider = new BasicTracerProvider({
      resource: resourceFromAttributes({
        'service.name': service.name,
        'service.namespace': 'posthorn',
        'service.version': service.version,
        'service.instance.id': randomUUID(),
      }).merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
    this.#tracer = this.#provider.getTracer('posthorn', service.version);
  }

  get current(): TraceContext | undefined {
    return this.#current.getStore();
  }

  begin({ name, kind, parent, links = [], attributes }: SpanStart): TracedSpan {
    const options = { kind: kinds[kind], attributes, links: links.map((context) => ({ context })) };
    const within = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    return traced(this.#tracer.startSpan(name, options, within));
  }

  within<Result>(context: TraceContext, run: () => Result): Result {
    return this.#current.run(context, run);
  }

  read(carrier: Carrier): TraceContext | undefined {
    return trace.getSpanContext(this.#propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter));
  }

  write(context: TraceContext): Record<string, string> {
    const carrier: Record<string, string> = {};
    this.#propagator.inject(trace.setSpanContext(ROOT_CONTEXT, context), carrier, defaultTextMapSetter);
    return carrier;
  }

  async stop(): Promise<void> {
    const stopped = this.#provider.shutdown().catch(() => undefined);
    await Promise.race([stopped, delay(stopDeadlineMs, undefined, { ref: false })]);
  }
}

function traced(span: Span): TracedSpan {
  return {
    context: span.spanContext(),
    add: (attributes) => void span.setAttributes(attributes),
    end: (errorType) => {
      if (errorType !== undefined)
        span.setAttribute('error.type', errorType).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}
