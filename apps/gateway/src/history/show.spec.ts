import type { EventRecord } from '#libs/contracts';
import { showEvent } from './show.js';

const event = (payload: string | null): EventRecord => ({
  id: 'e',
  tenantId: 't',
  type: 'a.b',
  timestamp: '2026-01-01T00:00:00Z',
  acceptedAt: '2026-01-01T00:00:00.000Z',
  source: 'http',
  contentType: null,
  cloudEvent: null,
  payload,
  deliveries: [],
  hasMore: false,
});

describe('an event as the API shows it', () => {
  it('has its data in the bytes that were published', () => {
    const shown = showEvent(event(Buffer.from('{"a":1.0}').toString('base64')));
    expect(shown).toContain('"data":{"a":1.0}}');
    expect(JSON.parse(shown)).not.toHaveProperty('dataExpired');
  });

  it('has what is not JSON as base64, under its content type', () => {
    const shown = showEvent({ ...event('/w=='), contentType: 'image/png', cloudEvent: '{"source":"/s"}' });
    expect(JSON.parse(shown)).toMatchObject({
      contentType: 'image/png',
      dataBase64: '/w==',
      cloudEvent: { source: '/s' },
    });
    expect(JSON.parse(shown)).not.toHaveProperty('data');
  });

  it('says that its data is past its retention, which a published null does not', () => {
    expect(JSON.parse(showEvent(event(null)))).toMatchObject({ data: null, dataExpired: true });
    const published = JSON.parse(showEvent(event(Buffer.from('null').toString('base64')))) as object;
    expect(published).toMatchObject({ data: null });
    expect(published).not.toHaveProperty('dataExpired');
  });
});
