import { createHash } from 'node:crypto';
import { create, EventAccepted, newId, operatorTenantId, publicTenantId } from '#libs/contracts';

export const announcedTypes = [
  'destination.disabled',
  'destination.recovered',
  'delivery.failed',
  'message.parked',
] as const;

/** What Posthorn tells its operator. */
export interface Announcement {
  readonly type: (typeof announcedTypes)[number];
  /** What makes it this one: the same again is the same event. */
  readonly key: readonly (string | number)[];
  /** When it happened. */
  readonly at: string;
  /** Of the event that it is about: a loop by way of operational events ends as any other. */
  readonly hops?: number | undefined;
  /** `tenantId` in it is the reference of a tenant; the event shows the public id. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The event for tenant `posthorn`. Its id is a hash of what it tells, so that the router drops a repeat.
 * @param operator the reference of that tenant.
 * @returns undefined for what befell that tenant itself: telling of it might cause it again, without end.
 */
export function operationalEvent(
  { type, key, at, hops, data }: Announcement,
  operator: string = operatorTenantId,
): EventAccepted | undefined {
  const shown = shownData(data);
  if (shown['tenantId'] === operatorTenantId) return undefined;
  const hash = createHash('sha256')
    .update(JSON.stringify([type, ...key]))
    .digest('hex');
  return create(EventAccepted, {
    tenantId: operator,
    eventId: `evt_${hash.slice(0, 26).toUpperCase()}`,
    eventType: type,
    timestamp: at,
    acceptanceId: newId('acc'),
    acceptedAt: new Date().toISOString(),
    source: 'posthorn',
    ...(hops !== undefined && { hops }),
    body: Buffer.from(JSON.stringify(shown)),
  });
}

function shownData(data: Announcement['data']): Announcement['data'] {
  const { tenantId } = data;
  return typeof tenantId === 'string' ? { ...data, tenantId: publicTenantId(tenantId) } : data;
}

/** A URL as it may be shown to others than its owner: without what may be secret in it. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
