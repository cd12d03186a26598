import { IsBoolean, IsString } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('A tenant was made or deleted.')
export class TenantChanged {
  static readonly type = 'tenant.changed.v1';
  static readonly encoding = 'json';

  @Describe('Its reference: the public id and the generation.') @IsString() tenantId: string;
  @IsBoolean() deleted: boolean;
}
