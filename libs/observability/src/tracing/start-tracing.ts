import { version } from '#libs/contracts';
// Shown, and in the reference, also where nothing is sent.
import './exported-spans.js';
import type { ObservabilityConfig } from '../observability.config.js';
import type { ExportLog } from './observed-exporter.js';
import { traceWith, tracing } from './tracing.js';

type Settings = Pick<
  ObservabilityConfig,
  | 'OTEL_SDK_DISABLED'
  | 'OTEL_EXPORTER_OTLP_ENDPOINT'
  | 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'
  | 'OTEL_SERVICE_NAME'
>;

/** Traces, if there is a collector to send them to; OpenTelemetry is not even loaded if there is none. */
export async function startTracing(service: string, settings: Settings, log: ExportLog): Promise<void> {
  const endpoint = settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? settings.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (settings.OTEL_SDK_DISABLED || endpoint === undefined) return;
  const { OpenTelemetry } = await import('./open-telemetry.js');
  traceWith(new OpenTelemetry({ name: settings.OTEL_SERVICE_NAME ?? service, version }, log));
}

export async function stopTracing(): Promise<void> {
  await tracing()?.stop();
  traceWith(undefined);
}
