import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { patternMessage, patternSyntax } from '../event-type.js';
import { Describe, OrNull } from '../describe.js';
import { Actor, FromActor } from './actor.js';
import { type DeliveryStatus, deliveryStatuses } from './history.js';
import { IsMoment } from './is-moment.js';
import { type Page, PageRequest } from './page.js';
import { OfReplay, OfTenant } from './of-tenant.js';

export const replayStates = ['counting', 'running', 'completed', 'cancelled'] as const;
export type ReplayState = (typeof replayStates)[number];

@Describe('Which deliveries of a tenant are to be made again.', {
  examples: [{ after: '2026-01-31T08:00:00Z', before: '2026-01-31T17:00:00Z', statuses: ['failed'] }],
})
export class ReplayInput {
  @Describe('To this destination only.') @IsOptional() @IsString() destinationId?: string | null;

  @Describe('Of events of these types: patterns, where `*` stands for one part and `#` for any number.')
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  @MaxLength(255, { each: true })
  @Matches(patternSyntax, {
    each: true,
    message: `each of $property ${patternMessage}`,
  })
  eventTypes?: string[] | null;

  @Describe('That are shown with one of these now; whatever they are, unless it is given.')
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(deliveryStatuses, { each: true })
  statuses?: DeliveryStatus[] | null;

  @Describe('Of events accepted on this day or at this time, or later.') @IsMoment() after: string;
  @Describe('And before this day or time.') @IsMoment() before: string;
  @Describe('Counts, and sends nothing.') @IsOptional() @IsBoolean() dryRun?: boolean | null;

  @Describe('Makes no more than so many due in a second.')
  @IsOptional()
  @IsNumber()
  @Min(0.01)
  @Max(100_000)
  ratePerSecond?: number | null;
}

@Describe('A job that makes many deliveries again.')
export class Replay {
  @IsString() id: string;
  @IsString() tenantId: string;
  @OrNull() @IsString() destinationId: string | null;
  @OrNull() @IsArray() @IsString({ each: true }) eventTypes: string[] | null;
  @OrNull() @IsArray() @IsIn(deliveryStatuses, { each: true }) statuses: DeliveryStatus[] | null;
  @IsISO8601() after: string;
  @IsISO8601() before: string;
  @IsBoolean() dryRun: boolean;
  @OrNull() @IsNumber() ratePerSecond: number | null;
  @IsIn(replayStates) state: ReplayState;
  @Describe('How many deliveries it is for, as counted first; in the end, how many there were.')
  @IsInt()
  matched: number;
  @Describe('How many of them go again: they are due, or held while their destination is disabled.')
  @IsInt()
  done: number;
  @Describe('How many were left out: being tried just then, payload past its retention, destination deleted.')
  @IsInt()
  skipped: number;
  @IsISO8601() createdAt: string;
  @OrNull() @IsISO8601() finishedAt: string | null;
}

@Describe(
  'The id is made by whoever asks: a request that is handled twice makes one replay. So does one that comes again under its idempotency key, with another id.',
)
export class CreateReplay extends OfReplay<Replay> {
  static readonly type = 'ledger.create-replay.v1';
  static readonly encoding = 'json';

  @IsOptional() @IsString() idempotencyKey?: string;
  @ValidateNested() @Type(() => ReplayInput) input: ReplayInput;
  @FromActor() actor?: Actor;
}

export class ListReplays extends OfTenant<Page<Replay>> {
  static readonly type = 'ledger.list-replays.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class GetReplay extends OfReplay<Replay> {
  static readonly type = 'ledger.get-replay.v1';
  static readonly encoding = 'json';
}

@Describe('What was sent by then goes its way. One that is over stays as it ended.')
export class CancelReplay extends OfReplay<Replay> {
  static readonly type = 'ledger.cancel-replay.v1';
  static readonly encoding = 'json';

  @FromActor() actor?: Actor;
}
