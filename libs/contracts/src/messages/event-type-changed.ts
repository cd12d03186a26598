import { IsBoolean, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('An event type was registered, changed or deleted. Carries what the doors need of it.')
export class EventTypeChanged {
  static readonly type = 'event-type.changed.v1';
  static readonly encoding = 'json';

  @IsString() name: string;
  @Describe(
    'Grows with each change of any event type; of one type an older one than what is known is ignored.',
  )
  @IsInt()
  @Min(1)
  version: number;
  @IsBoolean() deleted: boolean;
  @Describe('As JSON; absent where any data will do.')
  @IsOptional()
  @IsString()
  schema?: string;
}
