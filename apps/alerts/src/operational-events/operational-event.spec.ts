import { eventIdSyntax } from '#libs/contracts';
import { type Announcement, operationalEvent, shownUrl } from './operational-event.js';

const announcement: Announcement = {
  type: 'delivery.failed',
  key: ['dlv_1', 10],
  at: '2026-01-01T00:00:00.000Z',
  data: { tenantId: 'acme', deliveryId: 'dlv_1', attempts: 10 },
};

describe('an operational event', () => {
  it('is an event of tenant posthorn, with what happened as its data', () => {
    const event = operationalEvent(announcement);
    expect(event).toMatchObject({
      tenantId: 'posthorn',
      eventType: 'delivery.failed',
      timestamp: announcement.at,
    });
    expect(JSON.parse(String(event?.body))).toEqual(announcement.data);
  });

  it('has one id however often it is told, and another for anything else', () => {
    const idOf = (changes: Partial<Announcement>) =>
      operationalEvent({ ...announcement, ...changes })?.eventId;
    expect(idOf({})).toMatch(eventIdSyntax);
    expect(idOf({ data: { attempts: 1 } })).toBe(idOf({}));
    expect(new Set([idOf({}), idOf({ key: ['dlv_1', 11] }), idOf({ type: 'message.parked' })]).size).toBe(3);
  });

  it('is not made of what befell tenant posthorn itself', () => {
    expect(operationalEvent({ ...announcement, data: { tenantId: 'posthorn' } })).toBeUndefined();
    expect(operationalEvent({ ...announcement, data: { tenantId: 'posthorn~2' } })).toBeUndefined();
  });

  it('shows the public id of a tenant of a later generation', () => {
    const event = operationalEvent({ ...announcement, data: { tenantId: 'acme~2' } });
    expect(JSON.parse(String(event?.body))).toEqual({ tenantId: 'acme' });
  });
});

describe('a shown URL', () => {
  it('has neither credentials nor query', () => {
    expect(shownUrl('https://user:pass@example.com:8443/hooks/a?token=b#c')).toBe(
      'https://example.com:8443/hooks/a',
    );
  });
});
