import { IsISO8601, IsOptional, IsString } from 'class-validator';
import { Describe } from '../describe.js';

@Describe(
  "A header of a destination's own: what others must not see of it is sealed, and bound to destination and name.",
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
