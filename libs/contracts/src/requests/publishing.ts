import { Type } from 'class-transformer';
import { IsArray, IsISO8601, IsString, ValidateNested } from 'class-validator';
import { Describe, OrAbsent } from '../describe.js';
import { BatchProblem } from './problem-document.js';

export const maxBatchEvents = 1000;

@Describe(
  'An accepted event. To an id or an `Idempotency-Key` of the publisher the answer has the id alone: it may have been published before, with another content, and then that one is stored.',
)
export class PublishedEvent {
  @IsString() id: string;
  @Describe('Only where Posthorn made the id.') @OrAbsent() @IsString() type?: string;
  @Describe('Only where Posthorn made the id.') @OrAbsent() @IsISO8601() timestamp?: string;
}

@Describe('One of a batch: its id if it was accepted, else why it was not.')
export class BatchResult {
  @OrAbsent() @IsString() id?: string;
  @OrAbsent() @ValidateNested() @Type(() => BatchProblem) error?: BatchProblem;
}

@Describe('One result for each event, in the order they came in.')
export class PublishedBatch {
  @IsArray() @ValidateNested({ each: true }) @Type(() => BatchResult) data: BatchResult[];
}
