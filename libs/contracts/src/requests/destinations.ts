import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe, OrAbsent, OrNull } from '../describe.js';
import { type DestinationFormat, destinationFormats } from '../destination-format.js';
import { patternMessage, patternSyntax } from '../event-type.js';
import { secretKeywords, type Signing, signings } from '../signing.js';
import { Actor, FromActor } from './actor.js';
import { IsMetadata, IsMetadataPatch } from './is-metadata.js';
import { type Page, PageRequest } from './page.js';
import { Raw } from './raw.js';
import { Warning } from './warning.js';
import { OfDestination, OfTenant } from './of-tenant.js';

@Describe('Where a tenant wants events, and which.')
export class Destination {
  @IsString() id: string;
  @IsString() tenantId: string;
  @IsIn(['webhook']) type: 'webhook';
  @IsString() url: string;
  @IsString() description: string;
  @IsArray() @IsString({ each: true }) eventTypes: string[];
  @Describe('Conditions on the event, in the style of EventBridge patterns; null for none.')
  @OrNull()
  @IsObject()
  filter: object | null;
  @Describe(
    'The names of the headers that each webhook carries. Each value is shown as `***`; `***` in a PATCH keeps the value.',
    { additionalProperties: { type: 'string' }, examples: [{ Authorization: '***' }] },
  )
  @IsObject()
  headers: Record<string, string>;
  @Describe('The length of each value of `headers`, in bytes of UTF-8.', {
    additionalProperties: { type: 'integer' },
    examples: [{ Authorization: 42 }],
  })
  @IsObject()
  headerBytes: Record<string, number>;
  @Describe('What the body of a webhook is: see the documentation of publishing.')
  @IsIn(destinationFormats)
  format: DestinationFormat;
  @IsIn(signings) signing: Signing;
  @IsInt() timeoutMs: number;
  @Describe("The waits before the 2nd, 3rd, … attempt; null for the operator's own schedule.")
  @OrNull()
  @IsArray()
  @IsString({ each: true })
  retrySchedule: string[] | null;
  @IsInt() maxConcurrency: number;
  @OrNull() @IsNumber() ratePerSecond: number | null;
  @IsBoolean() enabled: boolean;
  @Describe('Why Posthorn disabled it, if it did.') @OrNull() @IsString() disabledReason: string | null;
  @IsMetadata() metadata: Record<string, string>;
  @IsISO8601() createdAt: string;
  @IsISO8601() updatedAt: string;
  @Describe('Consequences of this request that its caller may not expect; absent where there are none.')
  @OrAbsent()
  @ValidateNested({ each: true })
  @Type(() => Warning)
  warnings?: Warning[];
}

@Describe('A destination as its creation answers it, with what its receiver checks signatures by.')
export class CreatedDestination extends Destination {
  @Describe('Of `hmac-sha256`.', { examples: ['whsec_…'] }) @OrAbsent() @IsString() secret?: string;
  @Describe('Of `ed25519`.', { examples: ['whpk_…'] }) @OrAbsent() @IsString() publicKey?: string;
}

/** A second at least, and no longer than a hundred days. */
const waitSyntax = /^(?:[1-9]\d{3,6}ms|[1-9]\d{0,6}s|[1-9]\d{0,4}m|[1-9]\d{0,2}h|[1-9]\d?d)$/;

/** What a caller may say of a destination, apart from its url: the rest of the body of POST and PATCH. */
class DestinationOptions {
  @IsOptional() @IsIn(['webhook']) type?: 'webhook';
  @IsOptional() @IsString() @MaxLength(500) description?: string | null;

  @Describe('Which events: `invoice.paid`; `*` stands for one part, `#` for any number. Default: all.')
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @MaxLength(255, { each: true })
  @Matches(patternSyntax, {
    each: true,
    message: `each of $property ${patternMessage}`,
  })
  eventTypes?: string[] | null;

  @IsOptional() @IsIn(destinationFormats) format?: DestinationFormat | null;
  @IsOptional() @IsIn(signings) signing?: Signing | null;
  @Describe('Conditions on the event, in the style of EventBridge patterns.', {
    examples: [{ data: { amount: [{ numeric: ['>', 100] }] } }],
  })
  @IsOptional()
  @Raw()
  @IsObject()
  filter?: object | null;
  @Describe('Sent with each webhook: texts by name.', { additionalProperties: { type: 'string' } })
  @IsOptional()
  @Raw()
  @IsObject()
  headers?: object | null;
  @Describe('How long an attempt may take, in milliseconds. Default: 15000.')
  @IsOptional()
  @IsInt()
  @Min(1000)
  @Max(30_000)
  timeoutMs?: number | null;

  @Describe(
    "The waits before the 2nd, 3rd, … attempt; empty for no retry at all. Default: the operator's own.",
    {
      examples: [['5s', '5m', '2h']],
    },
  )
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(waitSyntax, {
    each: true,
    message: 'each of $property must be a duration of at least 1s, such as 1500ms, 5s, 5m, 2h or 1d',
  })
  retrySchedule?: string[] | null;

  @Describe('How many attempts may be under way at once. Default: 10.')
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  maxConcurrency?: number | null;
  @Describe('How many attempts may begin in a second. Default: no limit.')
  @IsOptional()
  @IsNumber()
  @Min(0.01)
  @Max(100_000)
  ratePerSecond?: number | null;
  @Describe('Whether it gets its events; what comes while it is not is held. Default: true.')
  @IsOptional()
  @IsBoolean()
  enabled?: boolean | null;
}

@Describe('A destination to be made.', {
  examples: [{ url: 'https://example.com/webhooks', eventTypes: ['invoice.*', 'user.created'] }],
})
export class NewDestination extends DestinationOptions {
  @IsString() @MaxLength(2048) url: string;
  @Describe("A signing secret of the caller's own; made by Posthorn if there is none.", secretKeywords)
  @OrAbsent()
  @IsString()
  @MaxLength(200)
  secret?: string;
  @IsOptional() @IsMetadata() metadata?: Record<string, string> | null;
}

@Describe(
  'JSON merge patch (RFC 7396): what is absent stays, what is null goes back to its default. `filter`, `headers` and `metadata` are merged member by member.',
  {
    examples: [{ eventTypes: ['invoice.#'], ratePerSecond: 20, metadata: { team: 'billing', trial: null } }],
  },
)
export class DestinationPatch extends DestinationOptions {
  @OrAbsent() @IsString() @MaxLength(2048) url?: string;
  @IsOptional() @IsMetadataPatch() metadata?: Record<string, string | null> | null;
}

@Describe(
  "`secret` and `headers` travel apart from the rest, as JSON that is sealed for the registry's letterbox; so does what the answer says of the secret, for the letterbox at `replyAddress`.",
)
export class CreateDestination extends OfTenant<{ destination: Destination; sealed: string }> {
  static readonly type = 'registry.create-destination.v1';
  static readonly encoding = 'json';

  @Describe('Made by whoever asks: a request that is handled twice makes one destination.')
  @IsString()
  destinationId: string;
  @ValidateNested() @Type(() => NewDestination) input: NewDestination;
  @IsOptional() @IsString() sealed?: string;
  @IsString() replyAddress: string;
  @FromActor() actor?: Actor;
}

export class GetDestination extends OfDestination<Destination> {
  static readonly type = 'registry.get-destination.v1';
  static readonly encoding = 'json';
}

export class ListDestinations extends OfTenant<Page<Destination>> {
  static readonly type = 'registry.list-destinations.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

@Describe('Also enables and disables: both are patches of `enabled`.')
export class UpdateDestination extends OfDestination<Destination> {
  static readonly type = 'registry.update-destination.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => DestinationPatch) patch: DestinationPatch;
  @Describe('`{ "headers" }` as JSON, sealed for the registry\'s letterbox.')
  @IsOptional()
  @IsString()
  sealed?: string;
  @FromActor() actor?: Actor;
}

export class DeleteDestination extends OfDestination<null> {
  static readonly type = 'registry.delete-destination.v1';
  static readonly encoding = 'json';

  @FromActor() actor?: Actor;
}
