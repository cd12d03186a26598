import { IsISO8601, IsIn, IsInt, IsString } from 'class-validator';

export const postponeReasons = [
  'destination_disabled',
  'destination_deleted',
  'destination_unknown',
] as const;

/** The dispatcher could not try now. It goes back to the ledger and costs no attempt. */
export class DeliveryPostponed {
  static readonly type = 'delivery.postponed.v1';
  static readonly encoding = 'json';

  @IsString() deliveryId: string;
  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsString() destinationId: string;
  @IsISO8601() acceptedAt: string;
  /** The version of the destination that the dispatcher went by; 0 if it knew none. */
  @IsInt() destinationVersion: number;
  @IsInt() attempt: number;
  @IsIn(postponeReasons) reason: (typeof postponeReasons)[number];
}
