import { startTracing, stopTracing } from './start-tracing.js';
import { tracing } from './tracing.js';

const log = { warn: () => undefined };
const collector = 'http://127.0.0.1:4318';
const parent = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };

afterEach(() => stopTracing());

describe('tracing', () => {
  it.each([
    ['there is nowhere to send traces to', { OTEL_SDK_DISABLED: false }],
    ['it is disabled', { OTEL_SDK_DISABLED: true, OTEL_EXPORTER_OTLP_ENDPOINT: collector }],
  ])('is off where %s', async (_why, settings) => {
    await startTracing('gateway', settings, log);
    expect(tracing()).toBeUndefined();
  });

  it('goes on from what it reads, and writes that', async () => {
    await startTracing('gateway', { OTEL_SDK_DISABLED: false, OTEL_EXPORTER_OTLP_ENDPOINT: collector }, log);
    const live = tracing()!;
    const context = live.read({ ...parent, tracestate: 'a=1' });
    const { context: inner } = live.begin({ name: 'x', kind: 'server', parent: context, attributes: {} });
    expect(live.write(inner)).toEqual({
      traceparent: `00-0af7651916cd43dd8448eb211c80319c-${inner.spanId}-01`,
      tracestate: 'a=1',
    });
    expect(live.within(inner, () => live.current)).toEqual(inner);
    expect(live.current).toBeUndefined();
  });

  it.each([
    ['nothing', {}],
    ['a number', { traceparent: 7 }],
    ['bytes', { traceparent: Buffer.from(parent.traceparent) }],
    ['an object', { traceparent: { length: 55 } }],
    ['a long text', { traceparent: `${parent.traceparent}${'-x'.repeat(100_000)}` }],
    ['no id', { traceparent: '00-00000000000000000000000000000000-b7ad6b7169203331-01' }],
  ])('reads no context out of %s', async (_what, carrier) => {
    await startTracing('gateway', { OTEL_SDK_DISABLED: false, OTEL_EXPORTER_OTLP_ENDPOINT: collector }, log);
    expect(tracing()?.read(carrier)).toBeUndefined();
  });

  it('reads a context beside a state that is not one', async () => {
    await startTracing('gateway', { OTEL_SDK_DISABLED: false, OTEL_EXPORTER_OTLP_ENDPOINT: collector }, log);
    for (const tracestate of [7, {}, 'x'.repeat(100_000)])
      expect(tracing()?.read({ ...parent, tracestate })?.spanId).toBe('b7ad6b7169203331');
  });
});
