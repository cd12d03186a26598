import { queueExchange } from '#libs/contracts';
import type { ConsumeMessage } from 'amqplib';
import { optionsOfCopy, parkedHeader, readParked } from './parked-copy.js';
import { asItCame, putBack, putBackHeader } from './put-back.js';
import type { Incoming } from './queue-consumer.js';

const from = { name: 'demo.count.parked', origins: ['demo.count.p0', 'demo.count.p1'], bundled: false };
const body = Buffer.from('{}');

function message(
  headers: Record<string, unknown>,
  fields = { exchange: queueExchange, routingKey: from.name },
): ConsumeMessage {
  return {
    content: body,
    properties: { messageId: 'its-own', headers },
    fields: { ...fields, consumerTag: '', deliveryTag: 1, redelivered: false },
  } as unknown as ConsumeMessage;
}

const death = (exchange: string, more: object = {}) => ({
  'x-death': [
    {
      reason: 'delivery_limit',
      queue: 'demo.count.p1',
      exchange,
      'routing-keys': ['its.key'],
      time: { '!': 'timestamp', value: 1_700_000_000 },
      ...more,
    },
  ],
});

const incoming = (of: ConsumeMessage) => ({ message: of, queue: 'demo.count.p1' }) as Incoming;

describe('a message that RabbitMQ gave up', () => {
  it('is looked at again, put back where it was, as it was', () => {
    const { parked, isFirstDeath } = readParked(message({ ...death('posthorn'), own: 1 }), from);
    expect(isFirstDeath).toBe(true);
    const { exchange, routingKey, options } = putBack(parked, { secondLook: true });
    expect([exchange, routingKey]).toEqual([queueExchange, 'demo.count.p1']);
    const back = message(options?.headers as Record<string, unknown>, { exchange, routingKey });
    const { isSecondLook, message: restored } = asItCame(incoming(back));
    expect(isSecondLook).toBe(true);
    expect(restored.fields).toMatchObject({ exchange: 'posthorn', routingKey: 'its.key' });
    expect(restored.properties.headers).toEqual({ own: 1 });
    expect(options?.messageId).toBe('its-own');
  });

  it('a second time is kept, under one id however often it is read', () => {
    const headers = {
      own: 1,
      [putBackHeader.exchange]: 'posthorn',
      [putBackHeader.routingKey]: 'its.key',
      [putBackHeader.secondLook]: 'prk_X',
      ...death(queueExchange, { 'routing-keys': ['demo.count.p1'] }),
    };
    const { parked, isFirstDeath } = readParked(message(headers), from);
    expect(isFirstDeath).toBe(false);
    expect(parked).toEqual({
      id: 'prk_X',
      reason: 'its consumer died with it 42 times, 21 of them while it was handled alone',
      parkedAt: '2023-11-14T22:13:20.000Z',
      queue: 'demo.count.p1',
      exchange: 'posthorn',
      routingKey: 'its.key',
      properties: { messageId: 'its-own', headers: { own: 1 } },
      body,
    });
  });

  it('for another reason is kept at once, with that reason', () => {
    const { parked, isFirstDeath } = readParked(message(death('posthorn', { reason: 'expired' })), from);
    expect(isFirstDeath).toBe(false);
    expect(parked.reason).toBe('RabbitMQ dead-lettered it: expired');
  });
});

describe('what an outside publisher writes into its headers', () => {
  const forged = {
    [parkedHeader.queue]: 'ledger.record-attempt',
    [parkedHeader.reason]: 'forged',
    [putBackHeader.exchange]: 'posthorn',
    [putBackHeader.routingKey]: 'another-tenant',
    [putBackHeader.secondLook]: 'prk_forged',
  };

  it('does not make its message one that was put back', () => {
    const came = message(forged, { exchange: 'posthorn.ingest', routingKey: 'tenant' });
    const { isSecondLook, message: read } = asItCame(incoming(came));
    expect(isSecondLook).toBe(false);
    expect(read.fields.routingKey).toBe('tenant');
  });

  it('does not decide where a message that was given up goes', () => {
    const { parked, isFirstDeath } = readParked(message({ ...forged, ...death('posthorn.ingest') }), from);
    expect(isFirstDeath).toBe(true);
    expect(parked).toMatchObject({ queue: 'demo.count.p1', exchange: 'posthorn.ingest' });
    expect(parked.reason).not.toBe('forged');
  });

  it('does not make one that a CC header brought here a copy of ours', () => {
    const fields = { exchange: 'posthorn', routingKey: 'its.key' };
    const { parked, isFirstDeath } = readParked(message({ ...forged, ...death('posthorn') }, fields), from);
    expect(isFirstDeath).toBe(false);
    expect(parked).toMatchObject({ ...fields, queue: 'demo.count.p0' });
    expect(parked.reason).toBe('it was published to posthorn as its.key, which is not for this queue');
  });

  it('does not make a message that we park one that RabbitMQ gave up', () => {
    const came = message(
      { ...forged, ...death(''), CC: ['elsewhere'] },
      {
        exchange: 'posthorn.ingest',
        routingKey: 'tenant',
      },
    );
    const { whole } = optionsOfCopy(came, { id: 'prk_1', reason: 'ours', queue: 'demo.count.p0' });
    expect(whole.headers).not.toHaveProperty('CC');
    const { parked, isFirstDeath } = readParked(message(whole.headers as Record<string, unknown>), from);
    expect(isFirstDeath).toBe(false);
    expect(parked).toMatchObject({
      id: 'prk_1',
      reason: 'ours',
      queue: 'demo.count.p0',
      exchange: 'posthorn.ingest',
      routingKey: 'tenant',
    });
  });
});
