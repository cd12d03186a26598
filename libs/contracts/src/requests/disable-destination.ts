import { IsInt, IsString, Min } from 'class-validator';
import { Asking } from '../messages/message.js';

/**
 * Posthorn itself disables a destination, judged by one version of it. If it has been changed since, it is left alone:
 * what was wrong with it may be mended. Asked again, it is answered as it was the first time.
 */
export class DisableDestination extends Asking<DisablingReply> {
  static readonly type = 'registry.disable-destination.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @IsString() destinationId: string;
  @IsInt() @Min(1) ifVersion: number;
  /** The owner is shown it as `disabledReason`. */
  @IsString() reason: string;
}

export type DisablingReply = { disabled: true; url: string } | { disabled: false };
