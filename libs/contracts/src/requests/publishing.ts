import { Type } from 'class-transformer';
import { IsArray, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import { ProblemDocument } from './problem-document.js';

export const maxBatchEvents = 1000;

/** The answer to an event that was accepted. */
export class PublishedEvent {
  @IsString() id: string;
  @IsString() type: string;
  @IsISO8601() timestamp: string;
}

/** One of a batch: its id if it was accepted, else why it was not. */
export class BatchResult {
  @IsOptional() @IsString() id?: string;
  @IsOptional() @ValidateNested() @Type(() => ProblemDocument) error?: ProblemDocument;
}

/** The answer to a batch: one result for each event, in the order they came in. */
export class PublishedBatch {
  @IsArray() @ValidateNested({ each: true }) @Type(() => BatchResult) data: BatchResult[];
}
