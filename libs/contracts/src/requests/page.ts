import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('A place in a list ordered by time, newest first, and then by id.')
export class PagePosition {
  @IsString() at: string;
  @IsString() id: string;
  @IsIn(['older', 'newer']) direction: 'older' | 'newer';
}

export class PageRequest {
  @IsInt() @Min(1) @Max(250) limit: number;
  @IsOptional() @ValidateNested() @Type(() => PagePosition) position?: PagePosition;
}

export interface Page<Item> {
  data: Item[];
  older?: PagePosition;
  newer?: PagePosition;
}
