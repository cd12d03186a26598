import { IsInt, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';
import { OfDestination } from './of-tenant.js';

@Describe(
  'Posthorn itself disables a destination, judged by one version of it. If it has been changed since, it is left alone: what was wrong with it may be mended. Asked again, it is answered as it was the first time.',
)
export class DisableDestination extends OfDestination<DisablingReply> {
  static readonly type = 'registry.disable-destination.v1';
  static readonly encoding = 'json';

  @IsInt() @Min(1) ifVersion: number;
  @Describe('The owner is shown it as `disabledReason`.')
  @IsString()
  reason: string;
}

export type DisablingReply = { disabled: true; url: string } | { disabled: false };
