import { tenantReference } from '#libs/contracts';
import { parseHeaderTemplate, WebhookHeaders } from './header-templates.js';

const request = {
  tenantId: 'acme',
  destinationId: 'dst_1',
  eventId: 'evt_1',
  eventType: 'invoice.paid',
  timestamp: '2026-01-01T00:00:00Z',
  deliveryId: 'dlv_1',
  attempt: 2,
};
const headersOf = (text: string) => new WebhookHeaders([text]).for(request);

describe('a template of a header', () => {
  it.each([
    ['x-tenant-id: {tenantId}', { 'x-tenant-id': 'acme' }],
    ['X-Delivery:{deliveryId}/{attempt}', { 'X-Delivery': 'dlv_1/2' }],
    [
      'x-all: {destinationId} {eventId} {eventType} {eventTimestamp}',
      { 'x-all': 'dst_1 evt_1 invoice.paid 2026-01-01T00:00:00Z' },
    ],
    ['x-plain: production', { 'x-plain': 'production' }],
  ])('%s is filled', (text, headers) => {
    expect(headersOf(text)).toEqual(headers);
  });

  it.each([
    'x-tenant-id',
    ': {tenantId}',
    'x tenant: a',
    'x-tenant:',
    'x-tenant: {tenant}',
    'x-tenant: {constructor}',
    'x-tenant: {tenantId',
    'x-tenant: tenantId}',
    'x-tenant: {{tenantId}}',
    'x-tenant: ä',
    'x-tenant: a\nb',
    'webhook-id: {eventId}',
    'Posthorn-Hops: 0',
    'host: example.com',
    'Content-Length: 1',
    'user-agent: x',
  ])('%j is refused', (text) => {
    expect(parseHeaderTemplate(text)).toBeUndefined();
  });

  it('has the id of a tenant that was created again as its owner has it', () => {
    const again = { ...request, tenantId: tenantReference('acme', 2) };
    expect(new WebhookHeaders(['x-tenant-id: {tenantId}']).for(again)).toEqual({ 'x-tenant-id': 'acme' });
  });
});
