import { publicTenantId, TenantChanged } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { KnownTenants } from './known-tenants.js';

@Controller()
export class ForgetTenantHandler {
  constructor(private readonly tenants: KnownTenants) {}

  @OnMessage(TenantChanged)
  forget(@Payload() { tenantId }: TenantChanged): void {
    this.tenants.forget(publicTenantId(tenantId));
  }
}
