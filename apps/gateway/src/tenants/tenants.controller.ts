import {
  create,
  DeleteTenant,
  GetTenant,
  ListTenants,
  PutTenant,
  type Tenant,
  TenantInput,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { type List, Listing, NoFilter, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';

@Controller('v1/tenants')
export class TenantsController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
  ) {}

  @Put(':tenantId')
  @Scope('admin')
  async put(
    @Param('tenantId') tenantId: string,
    @Body(new JsonBodyPipe(TenantInput)) input: TenantInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tenant> {
    const { tenant, created } = await this.client.ask(create(PutTenant, { tenantId, input }));
    void reply.status(created ? 201 : 200);
    return tenant;
  }

  @Get(':tenantId')
  @Scope('admin')
  get(@Param('tenantId') tenantId: string): Promise<Tenant> {
    return this.client.ask(create(GetTenant, { tenantId }));
  }

  @Get()
  @Scope('admin')
  list(@Query() query: ListQuery): Promise<List<Tenant>> {
    return this.listing.page({ list: 'tenants', query, filter: NoFilter }, (page) =>
      this.client.ask(create(ListTenants, { page })),
    );
  }

  @Delete(':tenantId')
  @HttpCode(204)
  @Scope('admin')
  async delete(@Param('tenantId') tenantId: string): Promise<void> {
    await this.client.ask(create(DeleteTenant, { tenantId }));
  }
}
