import { create, ParkedMessage } from '#libs/contracts';
import { originOf, parkedOf } from './origin.js';

describe('a parked message', () => {
  it('is after being kept what it was before, NUL, bytes and all', () => {
    const message = create(ParkedMessage, {
      id: 'prk_1',
      reason: 'a reason',
      parkedAt: '2026-01-01T00:00:00.000Z',
      queue: 'gateway.ingest-event',
      exchange: 'posthorn.ingest',
      routingKey: 'a\u0000b',
      properties: {
        messageId: 'm',
        timestamp: 1,
        headers: {
          text: 'ü\u0000',
          bytes: Buffer.from([0, 255]),
          at: { '!': 'timestamp', value: 1 },
          list: [1.5, null, true, { bytes: Buffer.alloc(0) }],
        },
      },
      body: Buffer.from([1, 2]),
    });
    const { id, reason, queue, body } = message;
    const origin = JSON.parse(originOf(message)) as Parameters<typeof parkedOf>[0]['origin'];
    const parked_at = new Date(message.parkedAt);
    expect(parkedOf({ id, reason, queue, body, parked_at, origin })).toEqual(message);
  });
});
