import {
  type Actor,
  create,
  DeleteTenant,
  GetTenant,
  ListTenants,
  PutTenant,
  Tenant,
  TenantInput,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { FromCaller } from '../http/caller-of-request.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { type List, Listing, NoFilter, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';
import { KnownTenants } from './known-tenants.js';

@Controller('v1/tenants')
export class TenantsController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
    private readonly tenants: KnownTenants,
  ) {}

  @Put(':tenantId')
  @Scope('admin')
  @Operation({
    id: 'putTenant',
    summary: 'Make or change a tenant',
    description: 'Under an id of your own: letters, digits, _ and -, at most 64.',
    reply: Tenant,
    status: [200, 201],
  })
  async put(
    @Param('tenantId') tenantId: string,
    @Body(new JsonBodyPipe(TenantInput)) input: TenantInput,
    @FromCaller() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Tenant> {
    const request = create(PutTenant, { tenantId, input, actor });
    const { tenant, reference, created } = await this.client.ask(request);
    this.tenants.learn(reference);
    void reply.status(created ? 201 : 200);
    return tenant;
  }

  @Get(':tenantId')
  @Scope('admin')
  @Operation({ id: 'getTenant', summary: 'One tenant', reply: Tenant, problems: ['not_found'] })
  async get(@Param('tenantId') tenantId: string): Promise<Tenant> {
    return (await this.client.ask(create(GetTenant, { tenantId }))).tenant;
  }

  @Get()
  @Scope('admin')
  @Operation({ id: 'listTenants', summary: 'The tenants, newest first', reply: pageOf(Tenant) })
  list(@Query() query: ListQuery): Promise<List<Tenant>> {
    return this.listing.page({ list: 'tenants', query, filter: NoFilter }, (page) =>
      this.client.ask(create(ListTenants, { page })),
    );
  }

  @Delete(':tenantId')
  @HttpCode(204)
  @Scope('admin')
  @Operation({
    id: 'deleteTenant',
    summary: 'Delete a tenant and all it has',
    description:
      'Deliveries that are not finished are cancelled. What Posthorn has stored of the tenant is removed by a job, whose progress is at the address in the header `Location`.',
    problems: ['not_found'],
  })
  async delete(
    @Param('tenantId') tenantId: string,
    @FromCaller() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const { erasureId } = await this.client.ask(create(DeleteTenant, { tenantId, actor }));
    void reply.header('location', `/v1/erasures/${erasureId}`);
    this.tenants.forget(tenantId);
  }
}
