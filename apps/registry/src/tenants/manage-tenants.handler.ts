import { DeleteTenant, GetTenant, ListTenants, Problem, PutTenant, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Announcer } from '../destinations/announcer.js';
import { DeleteTenantRepository } from './delete-tenant.repository.js';
import { TenantsRepository } from './tenants.repository.js';

@Controller()
export class ManageTenantsHandler {
  constructor(
    private readonly tenants: TenantsRepository,
    private readonly deletion: DeleteTenantRepository,
    private readonly announcer: Announcer,
  ) {}

  @OnRequest(PutTenant)
  async put(@Payload() { tenantId, input, actor }: PutTenant): Promise<ReplyOf<PutTenant>> {
    const reply = await this.tenants.put(tenantId, input, actor);
    this.announcer.nudge();
    return reply;
  }

  @OnRequest(GetTenant)
  async get(@Payload() { tenantId }: GetTenant): Promise<ReplyOf<GetTenant>> {
    const tenant = await this.tenants.find(tenantId);
    if (!tenant) throw new Problem('not_found', 'There is no such tenant.');
    return tenant;
  }

  @OnRequest(ListTenants)
  list(@Payload() { page }: ListTenants): Promise<ReplyOf<ListTenants>> {
    return this.tenants.list(page);
  }

  @OnRequest(DeleteTenant)
  async delete(@Payload() { tenantId, actor }: DeleteTenant): Promise<ReplyOf<DeleteTenant>> {
    const deleted = await this.deletion.delete(tenantId, actor);
    if (!deleted) throw new Problem('not_found', 'There is no such tenant.');
    await this.announcer.announce(deleted.changes);
    return { erasureId: deleted.erasureId };
  }
}
