import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { type ApiScope, apiScopes } from '../api-scopes.js';
import { Describe, OrNull } from '../describe.js';
import { tenantIdSyntax } from '../event-type.js';
import { ApiKeyChanged } from '../messages/api-key-changed.js';
import { Asking } from '../messages/message.js';
import { IsTimestamp } from '../timestamp.js';
import { Actor, FromActor } from './actor.js';
import { type Page, PageRequest } from './page.js';

@Describe(
  'An API key as it is shown after its making: what it may do, and nothing with which it could be used.',
)
export class ApiKey {
  @IsString() id: string;
  @OrNull() @IsString() name: string | null;
  @Describe('Its beginning and its end, for people to recognise it by.') @IsString() maskedKey: string;
  @IsArray() @IsIn(apiScopes, { each: true }) scopes: ApiScope[];
  @Describe('The only tenant it sees; null if it sees all.') @OrNull() @IsString() tenantId: string | null;
  @OrNull() @IsISO8601() expiresAt: string | null;
  @IsISO8601() createdAt: string;
  @Describe('The last request with this key, to a minute; null for a key that was never used.')
  @OrNull()
  @IsISO8601()
  lastUsedAt: string | null;
}

@Describe('An API key as its creation answers it.')
export class CreatedApiKey extends ApiKey {
  @Describe('The key itself. It is in this answer and nowhere else: what is kept is a hash of it.')
  @IsString()
  key: string;
}

@Describe('What a key is to be allowed.', {
  examples: [{ name: 'the shop', scopes: ['events:write'] }],
})
export class NewApiKey {
  @IsOptional() @IsString() @MaxLength(200) name?: string | null;

  @IsArray()
  @ArrayNotEmpty()
  @ArrayUnique()
  @IsIn(apiScopes, { each: true, message: `each of $property must be one of ${apiScopes.join(', ')}` })
  scopes: ApiScope[];

  @IsOptional()
  @Matches(tenantIdSyntax, { message: 'tenantId must be 1 to 64 letters, digits, _ or -' })
  tenantId?: string | null;

  @Describe(
    'When it stops working by itself: a time to come (RFC 3339). Required, and no later, where the key that makes it has such a time.',
  )
  @IsOptional()
  @IsTimestamp()
  expiresAt?: string | null;
}

@Describe('The gateway makes the key and keeps it to itself: neither a message nor a database ever has it.')
export class CreateApiKey extends Asking<ApiKey> {
  static readonly type = 'registry.create-api-key.v1';
  static readonly encoding = 'json';

  @IsString() keyId: string;
  @ValidateNested() @Type(() => NewApiKey) input: NewApiKey;
  @IsString() hash: string;
  @IsString() pepperId: string;
  @IsString() maskedKey: string;
  @FromActor() actor?: Actor;
}

export class ApiKeyFilter {
  @Describe('Only those that are bound to this tenant.')
  @IsOptional()
  @IsString()
  tenantId?: string;
}

export class ListApiKeys extends Asking<Page<ApiKey>> {
  static readonly type = 'registry.list-api-keys.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => ApiKeyFilter) filter: ApiKeyFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class DeleteApiKey extends Asking<null> {
  static readonly type = 'registry.delete-api-key.v1';
  static readonly encoding = 'json';

  @IsString() keyId: string;
  @FromActor() actor?: Actor;
}

@Describe(
  'What has changed since, oldest first. A gateway asks for it each few seconds, as it may have missed a message.',
)
export class ReadApiKeyChanges extends Asking<ApiKeyChanges> {
  static readonly type = 'registry.read-api-key-changes.v1';
  static readonly encoding = 'json';

  @Describe('The last version that is known; 0 for all.')
  @IsInt()
  @Min(0)
  after: number;
  @IsInt() @Min(1) @Max(1000) limit: number;
}

export class ApiKeyChanges {
  @IsArray() @ValidateNested({ each: true }) @Type(() => ApiKeyChanged) changes: ApiKeyChanged[];
  @Describe('The newest there is.')
  @IsInt()
  version: number;
  @IsBoolean() hasMore: boolean;
}
