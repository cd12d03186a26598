import { IsArray, IsBoolean, IsInt, IsISO8601, IsOptional, IsString, Min } from 'class-validator';
import type { ApiScope } from '../api-scopes.js';
import { Describe } from '../describe.js';

@Describe('An API key was made or revoked. Carries what a gateway needs to know it by, which is not the key.')
export class ApiKeyChanged {
  static readonly type = 'api-key.changed.v1';
  static readonly encoding = 'json';

  @IsString() keyId: string;
  @Describe(
    'Counts the changes of all keys, one by one: who knows all up to one of them knows what it has missed.',
  )
  @IsInt()
  @Min(1)
  version: number;
  @IsBoolean() revoked: boolean;
  @Describe('HMAC-SHA256 of the key under the pepper of that id, base64.')
  @IsString()
  hash: string;
  @IsString() pepperId: string;
  @Describe('A scope that the reader does not have grants nothing.')
  @IsArray()
  @IsString({ each: true })
  scopes: ApiScope[];
  @Describe('Absent for a key that is not bound to a tenant.')
  @IsOptional()
  @IsString()
  tenantId?: string;
  @IsOptional() @IsISO8601() expiresAt?: string;
}
