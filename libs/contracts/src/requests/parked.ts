import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsISO8601,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { Describe, OrNull } from '../describe.js';
import { Asking } from '../messages/message.js';
import { Actor, FromActor } from './actor.js';
import { type Page, PageRequest } from './page.js';

/** A parked message without its body, which is told in more than one way. */
export class ParkedOrigin {
  @IsString() id: string;
  @Describe('Why it could not be processed.') @IsString() reason: string;
  @IsISO8601() parkedAt: string;
  @Describe('The queue it was in, and is put back into.') @IsString() queue: string;
  @Describe('Where it had been published to, before it came into that queue.') @IsString() exchange: string;
  @IsString() routingKey: string;
  @OrNull() @IsString() messageId: string | null;
  @OrNull() @IsString() contentType: string | null;
  @IsInt() bodyBytes: number;
}

export class ParkedSummary extends ParkedOrigin {
  @Describe('Base64; null where it is too large to be shown here.')
  @OrNull()
  @IsString()
  body: string | null;
}

export class ParkedRecord extends ParkedSummary {
  @IsObject() properties: Record<string, unknown>;
}

export class ParkedFilter {
  @Describe('Only those of this queue; the name of a partitioned one also without its partition.')
  @IsOptional()
  @IsString()
  queue?: string;
}

@Describe('Which parked messages are meant: those with these ids, those of this queue, or all.', {
  examples: [{ queue: 'gateway.ingest-event' }],
})
export class ParkedSelection extends ParkedFilter {
  @IsOptional() @IsArray() @ArrayMaxSize(1000) @IsString({ each: true }) ids?: string[];
}

export class Redriven {
  @Describe('How many were put back.') @IsInt() redriven: number;
  @Describe('How many could not be, since their queue is gone, and are still parked.')
  @IsInt()
  failed: number;
  @Describe('There are more of them: a call puts back a bounded number.') @IsBoolean() hasMore: boolean;
}

export class ListParked extends Asking<Page<ParkedSummary>> {
  static readonly type = 'ledger.list-parked.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => ParkedFilter) filter: ParkedFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class GetParked extends Asking<ParkedRecord> {
  static readonly type = 'ledger.get-parked.v1';
  static readonly encoding = 'json';

  @IsString() id: string;
}

export class RedriveParked extends Asking<Redriven> {
  static readonly type = 'ledger.redrive-parked.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => ParkedSelection) selection: ParkedSelection;
  @FromActor() actor?: Actor;
}

export class DropParked extends Asking<null> {
  static readonly type = 'ledger.drop-parked.v1';
  static readonly encoding = 'json';

  @IsString() id: string;
  @FromActor() actor?: Actor;
}
