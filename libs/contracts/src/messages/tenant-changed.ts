import { IsBoolean, IsString } from 'class-validator';

export class TenantChanged {
  static readonly type = 'tenant.changed.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @IsBoolean() deleted: boolean;
}
