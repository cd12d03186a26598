import { TenantErasureRequested } from '#libs/contracts';
import { OnMessage } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ErasedTenants } from './erased-tenants.js';

@Controller()
export class EraseTenantHandler {
  constructor(private readonly tenants: ErasedTenants) {}

  @OnMessage(TenantErasureRequested)
  erase(@Payload() request: TenantErasureRequested): Promise<void> {
    return this.tenants.request(request);
  }
}
