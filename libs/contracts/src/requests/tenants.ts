import { Type } from 'class-transformer';
import { IsISO8601, IsOptional, IsString, Matches, MaxLength, ValidateNested } from 'class-validator';
import { Describe, OrNull } from '../describe.js';
import { tenantIdSyntax } from '../event-type.js';
import { Asking } from '../messages/message.js';
import { Actor, FromActor } from './actor.js';
import { IsMetadata } from './is-metadata.js';
import { type Page, PageRequest } from './page.js';

@Describe('One customer of whoever runs Posthorn: it owns destinations.')
export class Tenant {
  @Describe('The one its operator chose.', { examples: ['acme'] }) @IsString() id: string;
  @Describe('For people.', { examples: ['Acme'] }) @OrNull() @IsString() name: string | null;
  @IsMetadata() metadata: Record<string, string>;
  @IsISO8601() createdAt: string;
  @IsISO8601() updatedAt: string;
}

@Describe('What a caller may say of a tenant.', { examples: [{ name: 'Acme', metadata: { plan: 'gold' } }] })
export class TenantInput {
  @Describe('For people.') @IsOptional() @IsString() @MaxLength(200) name?: string | null;
  @IsOptional() @IsMetadata() metadata?: Record<string, string>;
}

/** A tenant, and what the services behind the gateway know it by: see `tenantReference`. */
export interface ReferencedTenant {
  tenant: Tenant;
  reference: string;
}

export class PutTenant extends Asking<ReferencedTenant & { created: boolean }> {
  static readonly type = 'registry.put-tenant.v1';
  static readonly encoding = 'json';

  @Matches(tenantIdSyntax, { message: 'tenantId must be 1 to 64 letters, digits, _ or -' }) tenantId: string;
  @ValidateNested() @Type(() => TenantInput) input: TenantInput;
  @FromActor() actor?: Actor;
}

@Describe('By its public id, as the other requests about a tenant itself.')
export class GetTenant extends Asking<ReferencedTenant> {
  static readonly type = 'registry.get-tenant.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
}

export class ListTenants extends Asking<Page<Tenant>> {
  static readonly type = 'registry.list-tenants.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class DeleteTenant extends Asking<{ erasureId: string }> {
  static readonly type = 'registry.delete-tenant.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @FromActor() actor?: Actor;
}
