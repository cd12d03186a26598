import { ParkedMessage } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ErasedTenants } from '../erase-tenant/erased-tenants.js';
import { ingestQueue } from '../erase-tenant/erasure-steps.js';
import { BoundParked } from './bound-parked.js';
import { ParkedRepository } from './parked.repository.js';
import { subjectOf } from './subject.js';

@Controller()
export class CollectParkedHandler {
  constructor(
    private readonly parked: ParkedRepository,
    private readonly bound: BoundParked,
    private readonly erased: ErasedTenants,
  ) {}

  @OnMessage(ParkedMessage, { concurrency: 5 })
  async collect(@Payload() message: ParkedMessage): Promise<void> {
    const { tenantId } = subjectOf(message);
    // What a publisher sent names the public id, which another generation may have.
    const isErased = message.queue !== ingestQueue && tenantId !== null && this.erased.has(tenantId);
    if (!isErased) await this.bound.added(await this.parked.keep(message));
  }
}
