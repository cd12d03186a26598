import { operatorTenantId } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { counter } from '#libs/observability';
import { Injectable } from '@nestjs/common';
import { ErasedTenants } from '../erase-tenant/erased-tenants.js';
import { announcedTypes, type Announcement, operationalEvent } from './operational-event.js';

const told = counter(
  {
    name: 'posthorn_operational_events_total',
    help: 'Events that Posthorn published for its operator, as tenant posthorn, by type. After a crash one may be counted again.',
    labels: ['type'],
  },
  announcedTypes.map((type) => ({ type })),
);

/** Publishes events for the operator: like any publisher's, they are matched, signed and retried. */
@Injectable()
export class OperationalEvents {
  constructor(
    private readonly client: AmqpClient,
    private readonly erased: ErasedTenants,
  ) {}

  async announce(announcement: Announcement): Promise<void> {
    const event = operationalEvent(announcement, await this.erased.nextReferenceOf(operatorTenantId));
    if (!event) return;
    await this.client.confirm(event);
    told.inc({ type: announcement.type });
  }
}
