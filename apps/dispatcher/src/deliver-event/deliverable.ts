import type { DeliveryRequested } from '#libs/contracts';

/** What a webhook's body tells of. */
export type Deliverable = Pick<
  DeliveryRequested,
  'tenantId' | 'eventId' | 'eventType' | 'timestamp' | 'contentType' | 'cloudEvent' | 'body'
>;
