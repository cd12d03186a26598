import {
  GetDestination,
  GetDestinationSecret,
  ListDestinations,
  Problem,
  type ReplyOf,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Sealer } from '#libs/sealing';
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
    private readonly sealer: Sealer,
  ) {}

  @OnRequest(GetDestination)
  async get(@Payload() { tenantId, destinationId }: GetDestination): Promise<ReplyOf<GetDestination>> {
    return destinationOf(await this.#find(tenantId, destinationId));
  }

  @OnRequest(GetDestinationSecret)
  async secret(
    @Payload() { tenantId, destinationId }: GetDestinationSecret,
  ): Promise<ReplyOf<GetDestinationSecret>> {
    const row = await this.#find(tenantId, destinationId);
    const [newest] = row.sealed_secrets;
    if (newest === undefined) throw new Error(`${destinationId} has no secret`);
    return { secret: this.sealer.open(newest, destinationId).reveal() };
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
