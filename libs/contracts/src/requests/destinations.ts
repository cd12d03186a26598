import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { patternSyntax } from '../event-type.js';
import { Asking } from '../messages/message.js';
import { type Signing, signings } from '../signing.js';
import { IsMetadata } from './is-metadata.js';
import { type Page, PageRequest } from './page.js';
import { Raw } from './raw.js';

export interface Destination {
  id: string;
  tenantId: string;
  type: 'webhook';
  url: string;
  description: string;
  eventTypes: string[];
  /** Conditions on the event, in the style of EventBridge patterns; null for none. */
  filter: object | null;
  /** Sent with each webhook; what is sensitive is shown as `***`. */
  headers: Record<string, string>;
  format: 'standard';
  signing: Signing;
  timeoutMs: number;
  /** The waits before the 2nd, 3rd, … attempt, as durations; null for the operator's own. */
  retrySchedule: string[] | null;
  maxConcurrency: number;
  ratePerSecond: number | null;
  enabled: boolean;
  disabledReason: string | null;
  metadata: Record<string, string>;
  createdAt: string;
  updatedAt: string;
}

/** As its creation answers it, with what its receiver checks signatures by. */
export interface CreatedDestination extends Destination {
  /** `whsec_…`, of `hmac-sha256`. */
  secret?: string;
  /** `whpk_…`, of `ed25519`. */
  publicKey?: string;
}

/** No longer than a hundred days. */
const waitSyntax = /^(?:[1-9]\d{0,6}m?s|[1-9]\d{0,4}m|[1-9]\d{0,2}h|[1-9]\d?d)$/;

/** What a caller may say of a destination, apart from its url: the rest of the body of POST and PATCH. */
class DestinationOptions {
  @IsOptional() @IsIn(['webhook']) type?: 'webhook';
  @IsOptional() @IsString() @MaxLength(500) description?: string | null;

  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  @MaxLength(255, { each: true })
  @Matches(patternSyntax, {
    each: true,
    message:
      'each of $property must be parts of letters, digits and _ joined by dots, where * stands for one part and # for any number',
  })
  eventTypes?: string[] | null;

  @IsOptional() @IsIn(['standard']) format?: 'standard';
  @IsOptional() @IsIn(signings) signing?: Signing | null;
  @IsOptional() @Raw() @IsObject() filter?: object | null;
  /** By name; the registry says what is wrong with them. */
  @IsOptional() @Raw() @IsObject() headers?: object | null;
  @IsOptional() @IsInt() @Min(1000) @Max(30_000) timeoutMs?: number | null;

  /** Empty for no retry at all. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(waitSyntax, {
    each: true,
    message: 'each of $property must be a duration such as 500ms, 5s, 5m, 2h or 1d',
  })
  retrySchedule?: string[] | null;

  @IsOptional() @IsInt() @Min(1) @Max(1000) maxConcurrency?: number | null;
  @IsOptional() @IsNumber() @Min(0.01) @Max(100_000) ratePerSecond?: number | null;
  @IsOptional() @IsBoolean() enabled?: boolean;
  @IsOptional() @IsMetadata() metadata?: Record<string, string> | null;
}

export class NewDestination extends DestinationOptions {
  @IsString() @MaxLength(2048) url: string;
  /** A signing secret of the caller's own; made by Posthorn if there is none. */
  @IsOptional() @IsString() @MaxLength(200) secret?: string;
}

/** JSON merge patch (RFC 7396): what is absent stays, what is null goes back to its default. */
export class DestinationPatch extends DestinationOptions {
  @ValidateIf((patch: DestinationPatch) => patch.url !== undefined) @IsString() @MaxLength(2048) url?: string;
}

/**
 * `secret` and `headers` travel apart from the rest, as JSON that is sealed for the registry's letterbox; so does what
 * the answer says of the secret, for the letterbox at `replyAddress`.
 */
export class CreateDestination extends Asking<{ destination: Destination; sealed: string }> {
  static readonly type = 'registry.create-destination.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  /** Made by whoever asks: a request that is handled twice makes one destination. */
  @IsString() destinationId: string;
  @ValidateNested() @Type(() => NewDestination) input: NewDestination;
  @IsOptional() @IsString() sealed?: string;
  @IsString() replyAddress: string;
}

/** One destination of one tenant: another tenant's is not found. */
abstract class DestinationKey<Reply> extends Asking<Reply> {
  @IsString() tenantId: string;
  @IsString() destinationId: string;
}

export class GetDestination extends DestinationKey<Destination> {
  static readonly type = 'registry.get-destination.v1';
  static readonly encoding = 'json';
}

export class ListDestinations extends Asking<Page<Destination>> {
  static readonly type = 'registry.list-destinations.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

/** Also enables and disables: both are patches of `enabled`. */
export class UpdateDestination extends DestinationKey<Destination> {
  static readonly type = 'registry.update-destination.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => DestinationPatch) patch: DestinationPatch;
  /** `{ "headers" }` as JSON, sealed for the registry's letterbox. */
  @IsOptional() @IsString() sealed?: string;
}

export class DeleteDestination extends DestinationKey<null> {
  static readonly type = 'registry.delete-destination.v1';
  static readonly encoding = 'json';
}
