import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { exportedSpans } from './exported-spans.js';

export interface ExportLog {
  warn(name: string, fields: Readonly<Record<string, unknown>>): void;
}

type Done = Parameters<SpanExporter['export']>[1];

const quietMs = 60_000;

/** Counts what a collector took and what it did not, and tells of the second once a minute. */
export class ObservedExporter implements SpanExporter {
  #toldAtMs = -Infinity;

  constructor(
    private readonly exporter: SpanExporter,
    private readonly log: ExportLog,
  ) {}

  export(spans: ReadableSpan[], done: Done): void {
    this.exporter.export(spans, (result) => {
      exportedSpans.inc({ error_type: result.error ? 'export_failed' : '' }, spans.length);
      if (result.error) this.#tell(result.error, spans.length);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  #tell({ message: reason }: Error, spans: number): void {
    if (performance.now() - this.#toldAtMs < quietMs) return;
    this.#toldAtMs = performance.now();
    this.log.warn('traces.not-taken', { reason, spans });
  }
}
