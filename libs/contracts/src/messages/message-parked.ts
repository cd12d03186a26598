import { IsISO8601, IsOptional, IsString } from 'class-validator';
import { Describe } from '../describe.js';

@Describe("A message was parked. It is told without its body, which may be of any size and anybody's.")
export class MessageParked {
  static readonly type = 'message.parked.v1';
  static readonly encoding = 'json';

  @IsString() queue: string;
  @IsString() reason: string;
  @IsISO8601() at: string;
  @Describe("Whose message it was, if it is one of Posthorn's own that says so.")
  @IsOptional()
  @IsString()
  tenantId?: string;
}
