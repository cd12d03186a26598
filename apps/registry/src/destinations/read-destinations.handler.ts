import { GetDestination, ListDestinations, Problem, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { TenantsRepository } from '../tenants/tenants.repository.js';
import { destinationOf } from './destination-of.js';
import type { DestinationRow } from '../registry.tables.js';
import { DestinationsRepository } from './destinations.repository.js';

@Controller()
export class ReadDestinationsHandler {
  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly tenants: TenantsRepository,
  ) {}

  @OnRequest(GetDestination)
  async get(@Payload() { tenantId, destinationId }: GetDestination): Promise<ReplyOf<GetDestination>> {
    return destinationOf(await this.#find(tenantId, destinationId));
  }

  @OnRequest(ListDestinations)
  async list(@Payload() { tenantId, page }: ListDestinations): Promise<ReplyOf<ListDestinations>> {
    if (!(await this.tenants.find(tenantId))) throw new Problem('not_found', 'There is no such tenant.');
    return this.destinations.list(tenantId, page);
  }

  async #find(tenantId: string, id: string): Promise<DestinationRow> {
    const row = await this.destinations.find(tenantId, id);
    if (!row) throw new Problem('not_found', 'There is no such destination.');
    return row;
  }
}
