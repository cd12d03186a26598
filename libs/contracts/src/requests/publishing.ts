import { Type } from 'class-transformer';
import { IsArray, IsISO8601, IsString, ValidateNested } from 'class-validator';
import { Describe, OrAbsent } from '../describe.js';
import { BatchProblem } from './problem-document.js';

export const maxBatchEvents = 1000;

@Describe('An event as it was accepted.')
export class PublishedEvent {
  @IsString() id: string;
  @IsString() type: string;
  @IsISO8601() timestamp: string;
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
