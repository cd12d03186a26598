import { create, ParkedMessage } from '#libs/contracts';
import { subjectOf } from './subject.js';

const parked = (fields: Partial<ParkedMessage>): ParkedMessage =>
  create(ParkedMessage, {
    id: 'prk_1',
    reason: 'a reason',
    parkedAt: '2026-01-01T00:00:00.000Z',
    queue: 'dispatcher.deliver-event.p3',
    exchange: 'posthorn',
    routingKey: 'delivery.requested.v1.p3',
    properties: {},
    body: Buffer.alloc(0),
    ...fields,
  });

const nothing = { tenantId: null, deliveryId: null, acceptanceId: null };
const headers = { tenantId: 't', deliveryId: 'dlv_1', acceptanceId: 'acc_1' };

describe('the subject of a dead letter', () => {
  it('is read from the headers or the body, wherever its message has its fields', () => {
    expect(subjectOf(parked({ properties: { headers } }))).toEqual(headers);
    const body = Buffer.from(JSON.stringify(headers));
    expect(subjectOf(parked({ queue: 'ledger.postpone-delivery', body }))).toEqual(headers);
    expect(subjectOf(parked({ queue: 'ledger.record-event', properties: { headers } }))).toEqual(headers);
  });

  it('of a copy that the alerts could not handle is its tenant only', () => {
    const message = parked({ queue: 'alerts.watch-destination', properties: { headers } });
    expect(subjectOf(message)).toEqual({ ...nothing, tenantId: 't' });
  });

  it('of a publisher is the tenant of the routing key, whatever else the publisher wrote', () => {
    const queue = 'gateway.ingest-event';
    const body = Buffer.from(JSON.stringify(headers));
    const message = { queue, exchange: 'posthorn.ingest', routingKey: 'acme', properties: { headers }, body };
    expect(subjectOf(parked(message))).toEqual({ ...nothing, tenantId: 'acme' });
  });

  it.each(['{not json', 'null', '"text"', '[]', '', '{"tenantId":1,"deliveryId":"a\\u0000b"}'])(
    'is nothing in a body that is %s',
    (text) => {
      const message = parked({ queue: 'ledger.postpone-delivery', body: Buffer.from(text) });
      expect(subjectOf(message)).toEqual(nothing);
    },
  );

  it('is nothing in a message of a queue that there is no more', () => {
    expect(subjectOf(parked({ queue: 'gone.queue', properties: { headers } }))).toEqual(nothing);
    expect(subjectOf(parked({ properties: { headers: { tenantId: 'x'.repeat(300) } } }))).toEqual(nothing);
  });
});
