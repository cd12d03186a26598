import { DeliveryRequested, EventAccepted, isProblem, isTimestamp } from '#libs/contracts';
import { contractFaults } from '#libs/messaging';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import { AcceptEvent } from './accept-event.js';
import type { Envelope } from './read-envelope.js';
import { readMessage } from './read-message.js';
import { PublishWindow } from './publish-window.js';
import { StoreEvent } from './store-event.js';
import { readRequest } from './read-request.js';

const options = { maxPayloadBytes: 1000, hasOtherId: false };

const digits = (length: number) =>
  fc.nat({ max: 10 ** length - 1 }).map((value) => String(value).padStart(length, '0'));
const offset = fc.oneof(
  fc.constantFrom('Z', 'z', '', '+0100', '-00:00', '+15:59', '+16:00', '+23:59', '-24:00'),
  fc.tuple(fc.constantFrom('+', '-'), digits(2), digits(2)).map(([sign, h, m]) => `${sign}${h}:${m}`),
);
const fraction = fc.oneof(fc.constantFrom('', '.', ',5'), fc.stringMatching(/^\.\d{1,12}$/));
/** Near to what either side takes: fields in range and a little beyond it. */
const time = fc
  .tuple(
    fc.oneof(fc.constantFrom('0000', '0001', '2024', '2026', '9999', '10000', '+002026'), digits(4)),
    fc.constantFrom('00', '01', '02', '04', '12', '13', 'W0'),
    fc.constantFrom('00', '01', '28', '29', '30', '31', '32'),
    fc.constantFrom('T', 't', ' ', '_'),
    fc.constantFrom('00', '12', '23', '24', '25'),
    fc.constantFrom('00', '59', '60'),
    fc.constantFrom('00', '59', '60', '61'),
    fraction,
    offset,
  )
  .map(([year, month, day, t, h, m, s, f, zone]) => `${year}-${month}-${day}${t}${h}:${m}:${s}${f}${zone}`);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 40 }),
  fc.constantFrom('a.b', 'a-b', 'a:b/c', '.a', 'a..b', 'é', '100%', '%C3%BC', '__proto__', 'x'.repeat(300)),
  time,
);
/** Mostly a value that is taken, so that an event with one odd field is. */
const mostly = <Value>(usual: Value, odd: fc.Arbitrary<Value>) =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });
const contentType = fc.oneof(
  text,
  fc.constantFrom('application/json', 'text/plain; charset=utf-8', 'image/png', 'application/vnd.a+json'),
);
const attributes = fc.record(
  {
    specversion: fc.constant('1.0'),
    id: mostly('ce-1', text),
    source: mostly('/orders', text),
    type: mostly('order.placed', text),
    time: mostly('2026-01-31T12:00:00Z', fc.oneof(text, time)),
    subject: mostly('o/1', text),
    dataschema: mostly('urn:a', text),
    datacontenttype: mostly('application/json', contentType),
    extension: fc.oneof<fc.Arbitrary<unknown>[]>(text, fc.integer(), fc.boolean(), fc.constant(null)),
    data: fc.oneof<fc.Arbitrary<unknown>[]>(fc.jsonValue(), text),
  },
  { requiredKeys: ['specversion', 'id', 'source', 'type'] },
);
const ours = fc.record(
  {
    id: text,
    type: fc.oneof(text, fc.constant('a.b')),
    timestamp: fc.oneof(text, time),
    data: fc.jsonValue(),
  },
  { requiredKeys: ['type', 'data'] },
);

/** Nothing where it is refused. */
function taken(read: () => Envelope): Envelope[] {
  try {
    return [read()];
  } catch (error) {
    if (isProblem(error)) return [];
    throw error;
  }
}

function overHttp(body: string, headers: Record<string, string>): Envelope[] {
  return taken(() => readRequest({ body: Buffer.from(body), headers }, options));
}

function overAmqp(body: string, type: string | undefined, headers: object): Envelope[] {
  return taken(() =>
    readMessage(
      {
        body: Buffer.from(body),
        headers: { ...headers },
        ...(type !== undefined && { contentType: type }),
      },
      options,
    ),
  );
}

const prefixed = (prefix: string, values: object) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value as unknown]));

function everyWay({ data, ...rest }: { data?: unknown; datacontenttype?: string }): Envelope[] {
  const structured = JSON.stringify({ ...rest, ...(data !== undefined && { data }) });
  const body = typeof data === 'string' ? data : JSON.stringify(data ?? null);
  const json = 'application/cloudevents+json';
  const ce = Object.fromEntries(
    Object.entries(prefixed('ce-', rest)).map(([name, value]) => [
      name,
      Buffer.from(String(value)).toString('latin1'),
    ]),
  );
  return [
    ...overHttp(structured, { 'content-type': json }),
    ...overHttp(body, { ...ce, 'content-type': rest.datacontenttype ?? 'application/json' }),
    ...overAmqp(structured, json, {}),
    ...overAmqp(body, rest.datacontenttype, prefixed('cloudEvents:', rest)),
  ];
}

async function accepted(envelope: Envelope): Promise<EventAccepted> {
  let published: EventAccepted | undefined;
  const gateway = new AcceptEvent(
    { check: () => undefined, mustBeAble: () => undefined } as never,
    new StoreEvent(
      { confirm: async (message: EventAccepted) => void (published = message) } as never,
      new PublishWindow(),
      { PUBLISH_TIMEOUT_MS: 5000 } as never,
      { note: () => undefined } as never,
    ),
  );
  await gateway.accept('t', envelope, 'http');
  if (!published) throw new Error('nothing was published');
  return published;
}

async function expectReadable(envelope: Envelope): Promise<void> {
  const event = await accepted(envelope);
  expect(validateSync(event)).toEqual([]);
  expect(isTimestamp(event.timestamp)).toBe(true);
  const request = Object.assign(new DeliveryRequested(), event, {
    deliveryId: 'dlv_1',
    destinationId: 'dst_1',
    destinationVersion: 1,
    attempt: 1,
  });
  expect(contractFaults(DeliveryRequested, request)).toEqual([]);
  // A header of AMQP, and a webhook's: neither may change it.
  for (const value of [event.eventId, event.eventType, event.contentType ?? ''])
    expect(value).toMatch(/^[\x20-\x7e]*$/);
}

describe('what is accepted is valid for every reader', () => {
  it('however it is written as JSON', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(ours, async (event) => {
        const body = JSON.stringify(event);
        for (const envelope of [
          ...overHttp(body, { 'content-type': 'application/json' }),
          ...overAmqp(body, undefined, {}),
        ]) {
          count++;
          await expectReadable(envelope);
        }
      }),
      { numRuns: 3000 },
    );
    expect(count).toBeGreaterThan(100);
  });

  it('however it is written as a CloudEvent', async () => {
    let count = 0;
    await fc.assert(
      fc.asyncProperty(attributes, async (event) => {
        for (const envelope of everyWay(event)) {
          count++;
          await expectReadable(envelope);
        }
      }),
      { numRuns: 3000 },
    );
    expect(count).toBeGreaterThan(100);
  });

  it('also where a rule of the gateway lets more pass than the message has', async () => {
    await expect(
      accepted({ type: 'a', timestamp: '2026-01-01T24:00:00Z', data: Buffer.from('1') }),
    ).rejects.toMatchObject({ code: 'validation_failed', errors: [{ path: 'timestamp' }] });
  });
});
