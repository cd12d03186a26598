import { IsBoolean, IsObject, IsString } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('A service has removed some, or all, of what it had stored of a deleted tenant.')
export class TenantErased {
  static readonly type = 'tenant.erased.v1';
  static readonly encoding = 'json';

  @IsString() erasureId: string;
  @Describe('The reference of the tenant: the public id and the generation.') @IsString() tenantId: string;
  @IsString() service: string;
  @Describe('How many rows of each kind so far, in all.') @IsObject() removed: Record<string, number>;
  @Describe('There is nothing left, and what arrives late is dropped.') @IsBoolean() done: boolean;
}
