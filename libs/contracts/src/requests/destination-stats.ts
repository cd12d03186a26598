import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsISO8601, IsNumber, IsString, ValidateNested } from 'class-validator';
import { Describe, OrNull } from '../describe.js';
import { OfDestination } from './of-tenant.js';

@Describe('What came of the attempts that were begun since a time.')
export class AttemptStats {
  @IsISO8601() since: string;
  @IsInt() attempts: number;
  @IsInt() delivered: number;
  @IsInt() failed: number;
  @Describe('From 0 to 1; null without attempts.')
  @OrNull()
  @IsNumber()
  successRate: number | null;
  @Describe(
    'Half of the attempts took no longer; estimated from how many fell into each of some twenty classes.',
  )
  @OrNull()
  @IsInt()
  p50Ms: number | null;
  @OrNull() @IsInt() p95Ms: number | null;
}

@Describe('Deliveries that are not finished.')
export class WaitingStats {
  @IsInt() pending: number;
  @IsInt() retrying: number;
  @IsInt() held: number;
  @Describe('There are more than were counted: only so many are.')
  @IsBoolean()
  hasMore: boolean;
  @Describe('When the first of them is, or was, to be sent; null where none has a time.')
  @OrNull()
  @IsISO8601()
  oldestDueAt: string | null;
}

export class CircuitStats {
  @Describe('The destination is left alone but for a probe now and then.')
  @IsBoolean()
  open: boolean;
  @Describe('Attempts in a row that got no answer at all.')
  @IsInt()
  unanswered: number;
}

export class DestinationStats {
  @IsString() destinationId: string;
  @ValidateNested() @Type(() => AttemptStats) lastHour: AttemptStats;
  @ValidateNested() @Type(() => AttemptStats) lastDay: AttemptStats;
  @ValidateNested() @Type(() => AttemptStats) lastWeek: AttemptStats;
  @ValidateNested() @Type(() => WaitingStats) waiting: WaitingStats;
  @Describe('Within the last week.')
  @OrNull()
  @IsISO8601()
  lastDeliveredAt: string | null;
  @OrNull() @IsISO8601() lastFailedAt: string | null;
  @ValidateNested() @Type(() => CircuitStats) circuit: CircuitStats;
}

export class GetDestinationStats extends OfDestination<DestinationStats> {
  static readonly type = 'ledger.get-destination-stats.v1';
  static readonly encoding = 'json';
}
