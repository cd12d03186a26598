import { IsISO8601, IsString } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('A tenant was deleted: each service removes what it has stored of it.')
export class TenantErasureRequested {
  static readonly type = 'tenant.erasure-requested.v1';
  static readonly encoding = 'json';

  @IsString() erasureId: string;
  @Describe('The reference of the tenant: the public id and the generation.') @IsString() tenantId: string;
  @Describe('When the tenant was deleted.') @IsISO8601() requestedAt: string;
}
