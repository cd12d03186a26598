import { counter } from '../metrics/instruments.js';

/** Apart from what counts it, which is loaded only where traces are on. */
export const exportedSpans = counter({
  name: 'otel_sdk_exporter_span_exported_total',
  help: 'Spans of traces that were sent to the collector, or could not be (error_type); none while traces are off.',
  labels: ['error_type'],
});
