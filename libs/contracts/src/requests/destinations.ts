import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
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
import { IsMetadata } from './is-metadata.js';
import { type Page, PageRequest } from './page.js';

export interface Destination {
  id: string;
  tenantId: string;
  type: 'webhook';
  url: string;
  description: string;
  eventTypes: string[];
  format: 'standard';
  signing: 'hmac-sha256';
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
  @IsOptional() @IsIn(['hmac-sha256']) signing?: 'hmac-sha256';
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
}

/** JSON merge patch (RFC 7396): what is absent stays, what is null goes back to its default. */
export class DestinationPatch extends DestinationOptions {
  @ValidateIf((patch: DestinationPatch) => patch.url !== undefined) @IsString() @MaxLength(2048) url?: string;
}

export class CreateDestination extends Asking<{ destination: Destination; secret: string }> {
  static readonly type = 'registry.create-destination.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  /** Made by whoever asks: a request that is handled twice makes one destination. */
  @IsString() destinationId: string;
  @ValidateNested() @Type(() => NewDestination) input: NewDestination;
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

export class GetDestinationSecret extends DestinationKey<{ secret: string }> {
  static readonly type = 'registry.get-destination-secret.v1';
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
}

export class DeleteDestination extends DestinationKey<null> {
  static readonly type = 'registry.delete-destination.v1';
  static readonly encoding = 'json';
}
