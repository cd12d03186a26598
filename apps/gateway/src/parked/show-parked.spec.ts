import type { ParkedSummary } from '#libs/contracts';
import { showParked } from './show-parked.js';

const parked: ParkedSummary = {
  id: 'prk_1',
  reason: 'a reason',
  parkedAt: '2026-01-01T00:00:00.000Z',
  queue: 'gateway.ingest-event',
  exchange: 'posthorn.ingest',
  routingKey: 'acme',
  messageId: null,
  contentType: null,
  bodyBytes: 2,
  body: null,
};

describe('the body of a parked message', () => {
  it('is shown as text where it is text', () => {
    const shown = showParked({ ...parked, body: Buffer.from('{"ü":1}').toString('base64') });
    expect(shown).toEqual({ ...parked, body: '{"ü":1}' });
  });

  it('is shown in base64 where it is not', () => {
    const bodyBase64 = Buffer.from([0xff, 0]).toString('base64');
    expect(showParked({ ...parked, body: bodyBase64 })).toEqual({ ...parked, body: null, bodyBase64 });
  });

  it('is null where it is too large to be shown', () => {
    expect(showParked(parked)).toEqual(parked);
  });
});
