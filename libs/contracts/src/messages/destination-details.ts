import { IsISO8601, IsOptional, IsString } from 'class-validator';
import { Describe } from '../describe.js';

@Describe(
  "A header of a destination's own. Its value is sealed, bound to destination and name. `value` is that of a registry before sealing of all headers.",
)
export class DestinationHeader {
  @IsString() name: string;
  @IsOptional() @IsString() value?: string;
  @IsOptional() @IsString() sealed?: string;
}

@Describe('A secret that was rotated out, and signs beside its successors until its time is over.')
export class RetiringSecret {
  @IsString() sealed: string;
  @IsISO8601() validUntil: string;
}
