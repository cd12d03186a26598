import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsISO8601, IsString, ValidateNested } from 'class-validator';
import { Describe } from '../describe.js';
import { Asking } from '../messages/message.js';

export const maxKeyUses = 1000;

export class KeyUse {
  @IsString() keyId: string;
  @IsISO8601() usedAt: string;
}

@Describe('API keys that a gateway accepted. A gateway reports each key once a minute at most.')
export class RecordKeyUses extends Asking<null> {
  static readonly type = 'registry.record-key-uses.v1';
  static readonly encoding = 'json';

  @IsArray()
  @ArrayMaxSize(maxKeyUses)
  @ValidateNested({ each: true })
  @Type(() => KeyUse)
  uses: KeyUse[];
}
