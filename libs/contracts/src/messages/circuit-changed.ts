import { IsBoolean, IsInt, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';

@Describe(
  'A destination stopped answering at all, or answers again: while its circuit is open it is left alone but for probes.',
)
export class CircuitChanged {
  static readonly type = 'destination.circuit-changed.v1';
  static readonly encoding = 'json';

  @IsString() destinationId: string;
  @Describe('Grows with each change of this circuit; an older one than what is known is ignored.')
  @IsInt()
  @Min(1)
  version: number;
  @IsBoolean() open: boolean;
}
