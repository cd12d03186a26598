import { standardBody } from './standard-body.js';

describe('the standard format', () => {
  it('carries the payload byte for byte', () => {
    const payload = '{"a":1.0,"b":9007199254740993,"c":"\\u0000","a":1}';
    const body = standardBody({
      eventType: 'invoice.paid',
      timestamp: '2026-01-01T00:00:00Z',
      body: Buffer.from(payload),
    });
    expect(body.toString()).toBe(
      `{"type":"invoice.paid","timestamp":"2026-01-01T00:00:00Z","data":${payload}}`,
    );
  });

  it('leaves bytes that are not text alone', () => {
    const payload = Buffer.from([0x22, 0xff, 0xfe, 0x22]);
    const body = standardBody({ eventType: 'a', timestamp: 't', body: payload });
    expect(body.includes(payload)).toBe(true);
  });
});
