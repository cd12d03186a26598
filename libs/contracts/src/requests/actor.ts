import { Type } from 'class-transformer';
import { IsArray, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('The caller of the API on whose behalf a service sends a request.')
export class Actor {
  @Describe('The id of the API key; `root` for the root key.') @IsString() keyId: string;
  @Describe('The scopes of the API key. A newer gateway may add values.')
  @IsArray()
  @IsString({ each: true })
  scopes: string[];
  @Describe('The only tenant that the API key sees; absent if it sees all.')
  @IsOptional()
  @IsString()
  tenantId?: string;
  @Describe('The end of the API key; absent for a key without one.')
  @IsOptional()
  @IsISO8601()
  expiresAt?: string;
  @Describe('The address that the HTTP connection came from.') @IsString() address: string;
  @Describe('The `requestId` of the HTTP request.') @IsString() requestId: string;
}

/** The caller of a request. Absent where a service acts by itself. */
export function FromActor(): PropertyDecorator {
  return (target, property) => {
    IsOptional()(target, property);
    ValidateNested()(target, property);
    Type(() => Actor)(target, property);
  };
}

/** Without an actor the answer is no. */
export function mayReadSecrets(actor: Pick<Actor, 'scopes'> | undefined): boolean {
  return actor !== undefined && ['secrets:read', 'admin'].some((scope) => actor.scopes.includes(scope));
}
