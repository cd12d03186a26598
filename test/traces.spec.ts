import { randomBytes } from 'node:crypto';
import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { Collector, type Span } from './traces/collector.js';

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** A publisher's own trace, at the span in which it publishes. */
const publisherTrace = () => {
  const [traceId, spanId] = [hex(16), hex(8)];
  return {
    traceId,
    spanId,
    headers: { traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'shop=till7' },
  };
};

/** From the acceptance of an event to the end of its first attempt. */
const toTheAttempt = [
  'gateway: send event.accepted.v1',
  'router: process router.route-event',
  'router: send delivery.requested.v1',
  'dispatcher: process dispatcher.deliver-event',
];
const toTheRecord = ['dispatcher: send delivery.attempted.v1', 'ledger: process ledger.record-attempt'];

let collector: Collector;
let receiver: WebhookReceiver;
let posthorn: RunningPosthorn;

const start = async (name: string, environment: Readonly<Record<string, string>>): Promise<void> => {
  collector = await Collector.start();
  receiver = await WebhookReceiver.start();
  posthorn = await RunningPosthorn.start(name, {
    RETRY_SCHEDULE: '300ms,300ms',
    RETRY_JITTER: '0',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '200',
    ...environment,
  });
  await posthorn.call('PUT', '/tenants/t', {});
};

const stop = async (): Promise<void> => {
  await posthorn.stop();
  await receiver.stop();
  collector.stop();
};

const settings = {
  OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=told',
  OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
  OTEL_BSP_MAX_QUEUE_SIZE: '128',
};

const subscribe = (path: string, eventType: string) =>
  posthorn.subscribe<{ id: string; secret: string }>('t', {
    url: receiver.url(path),
    eventTypes: [eventType],
    maxConcurrency: 100,
  });

const publish = async (type: string, headers: Readonly<Record<string, string>> = {}): Promise<void> => {
  const event = { type, data: { canary: 'payload-canary' } };
  expect((await posthorn.call('POST', '/tenants/t/events', event, headers)).status).toBe(202);
};

/** The spans of a trace, once so many attempts are recorded and all that they come of is there, too. */
const traceWith = (traceId: string, attempts: number): Promise<Span[]> =>
  until(
    `${attempts} recorded attempts in the trace`,
    () => {
      const spans = collector.ofTrace(traceId);
      const known = new Set(spans.map(({ spanId }) => spanId));
      const count = (name: string): number => spans.filter((span) => span.name === name).length;
      const isWhole =
        count('POST') >= attempts &&
        count('process ledger.record-attempt') >= attempts &&
        count('process ledger.record-event') === 1 &&
        spans.filter(({ parentSpanId }) => !known.has(parentSpanId ?? '')).length === 1;
      return isWhole && spans;
    },
    30_000,
  );

const pathsTo = (spans: readonly Span[], name: string): string[][] =>
  spans.filter((span) => span.name === name).map((span) => collector.pathTo(span));

describe('with a collector, an event is one trace', () => {
  beforeAll(() => start('traces', settings), 180_000);
  afterAll(stop, 120_000);

  const doors: Record<string, { root: string; publish: (headers: Record<string, string>) => Promise<void> }> =
    {
      HTTP: {
        root: 'gateway: POST /v1/tenants/:tenantId/events',
        publish: (headers) => publish('door.opened', headers),
      },
      AMQP: {
        root: 'gateway: process gateway.ingest-event',
        publish: (headers) =>
          posthorn.publishOverAmqp('t', JSON.stringify({ type: 'door.opened', data: {} }), { headers }),
      },
    };

  beforeAll(() => subscribe('/doors', 'door.opened'));

  it.each(Object.keys(doors))('from its publisher to its record, published over %s', async (door) => {
    const { root, publish: publishOver } = doors[door]!;
    const publisher = publisherTrace();
    await publishOver(publisher.headers);
    const spans = await traceWith(publisher.traceId, 1);

    expect(pathsTo(spans, 'process ledger.record-attempt')).toEqual([
      [root, ...toTheAttempt, ...toTheRecord],
    ]);
    expect(pathsTo(spans, 'POST')).toEqual([[root, ...toTheAttempt, 'dispatcher: POST']]);
    expect(pathsTo(spans, 'process ledger.record-event')).toEqual([
      [root, toTheAttempt[0], 'ledger: process ledger.record-event'],
    ]);
    const first = spans.find((span) => `${span.service}: ${span.name}` === root);
    expect(first).toMatchObject({ parentSpanId: publisher.spanId, traceState: 'shop=till7' });
    expect(spans.every(({ traceState }) => traceState === 'shop=till7')).toBe(true);
    expect(spans.find(({ name }) => name === 'POST')?.attributes).toMatchObject({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'url.full': `${new URL(receiver.url('/')).origin}/REDACTED`,
    });
    expect(spans.find(({ name }) => name === 'process router.route-event')?.attributes).toMatchObject({
      'messaging.system': 'rabbitmq',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'posthorn:event.accepted.v1:router.route-event',
      'posthorn.tenant_id': 't',
    });
  });

  it('keeps apart what one batch has in hand, each event below its own publisher', async () => {
    await subscribe('/batch', 'batch.sent');
    const publishers = Array.from({ length: 20 }, publisherTrace);
    await Promise.all(publishers.map(({ headers }) => publish('batch.sent', headers)));
    for (const { traceId } of publishers) {
      const spans = await traceWith(traceId, 1);
      expect(pathsTo(spans, 'POST')).toHaveLength(1);
      expect(pathsTo(spans, 'process ledger.record-attempt')).toEqual([
        [doors['HTTP']!.root, ...toTheAttempt, ...toTheRecord],
      ]);
    }
  });

  it('goes on in the same trace with a retry, linked to the attempt before it', async () => {
    receiver.answer('/fails-once', 503, 200);
    await subscribe('/fails-once', 'retry.needed');
    const publisher = publisherTrace();
    await publish('retry.needed', publisher.headers);
    const spans = await traceWith(publisher.traceId, 2);

    const reported = spans.find(({ name }) => name === 'send delivery.attempted.v1');
    const released = spans.find(({ name, service }) => name.startsWith('send') && service === 'ledger');
    expect(released).toMatchObject({
      name: 'send delivery.requested.v1',
      links: [{ traceId: publisher.traceId, spanId: reported!.spanId }],
    });
    const [first, second] = spans
      .filter(({ name }) => name === 'POST')
      .toSorted(
        (one, other) =>
          Number(one.attributes['posthorn.attempt']) - Number(other.attributes['posthorn.attempt']),
      );
    expect(first).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': '503' } });
    expect(second!.attributes).toMatchObject({ 'http.request.resend_count': 1 });
    expect(collector.pathTo(second!).slice(-4)).toEqual([
      'ledger: process ledger.record-attempt',
      'ledger: send delivery.requested.v1',
      'dispatcher: process dispatcher.deliver-event',
      'dispatcher: POST',
    ]);
  });

  it('tells the collector nothing that is secret, and no endpoint of the trace', async () => {
    const { secret } = await subscribe('/path-canary?token=query-canary', 'secret.kept');
    const publisher = publisherTrace();
    await publish('secret.kept', publisher.headers);
    await traceWith(publisher.traceId, 1);

    const all = collector.received.join('\n');
    expect(all).toContain('"x-collector-key":"told"');
    for (const canary of ['payload-canary', 'path-canary', 'query-canary', secret, posthorn.run.apiKey])
      expect(all).not.toContain(canary);
    for (const { headers } of receiver.requests('/path-canary'))
      expect(Object.keys(headers)).not.toContain('traceparent');
  });

  it('keeps no trace that its publisher does not', async () => {
    const publisher = publisherTrace();
    await publish('door.opened', { traceparent: `00-${publisher.traceId}-${publisher.spanId}-00` });
    const later = publisherTrace();
    await publish('door.opened', later.headers);
    await traceWith(later.traceId, 1);
    expect(collector.ofTrace(publisher.traceId)).toEqual([]);
  });

  it('delivers as ever while the collector hangs, and counts what it did not take', async () => {
    await subscribe('/hanging', 'hanging.on');
    collector.hangs = true;
    await Promise.all(Array.from({ length: 60 }, () => publish('hanging.on')));
    await until('all deliveries', () => receiver.requests('/hanging').length >= 60, 90_000);
    const { metricsUrl } = posthorn.service('gateway');
    await until(
      'the exports that failed to be counted',
      async () => {
        const metrics = await (await fetch(metricsUrl)).text();
        return /^otel_sdk_exporter_span_exported_total\{error_type="export_failed".*\} [1-9]/m.test(metrics);
      },
      30_000,
    );
  }, 180_000);
});

describe('without one', () => {
  beforeAll(() => start('traces-off', { OTEL_SDK_DISABLED: 'true' }), 180_000);
  afterAll(stop, 120_000);

  it('nothing is sent, and events are delivered', async () => {
    await subscribe('/quiet', 'quiet.please');
    await publish('quiet.please', publisherTrace().headers);
    await until('the delivery', () => receiver.requests('/quiet').length > 0);
    await posthorn.call('GET', '/tenants/t/deliveries');
    expect(collector.received).toEqual([]);
  });
});
