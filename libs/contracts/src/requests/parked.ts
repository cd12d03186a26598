import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Asking } from '../messages/message.js';
import { type Page, PageRequest } from './page.js';

export interface ParkedSummary {
  id: string;
  reason: string;
  parkedAt: string;
  queue: string;
  exchange: string;
  routingKey: string;
  messageId: string | null;
  contentType: string | null;
  bodyBytes: number;
  /** Base64; null where it is too large to be shown here. */
  body: string | null;
}

export interface ParkedRecord extends ParkedSummary {
  properties: Record<string, unknown>;
}

export class ParkedFilter {
  /** A queue's name; of a partitioned one also without its partition. */
  @IsOptional() @IsString() queue?: string;
}

/** Which parked messages are meant: those with these ids, those of this queue, or all. */
export class ParkedSelection extends ParkedFilter {
  @IsOptional() @IsArray() @ArrayMaxSize(1000) @IsString({ each: true }) ids?: string[];
}

export interface Redriven {
  /** How many were put back. */
  redriven: number;
  /** How many could not be, since their queue is gone, and are still parked. */
  failed: number;
  /** There are more of them: a call puts back a bounded number. */
  hasMore: boolean;
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
}

export class DropParked extends Asking<null> {
  static readonly type = 'ledger.drop-parked.v1';
  static readonly encoding = 'json';

  @IsString() id: string;
}
