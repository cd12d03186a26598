import { IsBoolean, IsISO8601, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';

export const postponeReasons = [
  'destination_disabled',
  'destination_deleted',
  'destination_unknown',
  'circuit_open',
  'at_limit',
  'destination_unreadable',
] as const;

@Describe('The dispatcher could not try now. It goes back to the ledger and costs no attempt.')
export class DeliveryPostponed {
  static readonly type = 'delivery.postponed.v1';
  static readonly encoding = 'json';
  static readonly bundleEveryMs = 20;

  @IsString() deliveryId: string;
  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsString() destinationId: string;
  @IsISO8601() acceptedAt: string;
  @Describe('The version of the destination that the dispatcher went by; 0 if it knew none.')
  @IsInt()
  destinationVersion: number;
  @IsInt() attempt: number;
  @Describe('With one that the ledger does not have the delivery waits a second, or `retryInMs`.')
  @IsString()
  reason: (typeof postponeReasons)[number];
  @Describe("The request had been in a dispatcher's hands before, which may have made the attempt.")
  @IsOptional()
  @IsBoolean()
  repeated?: boolean;
  @Describe('With `circuit_open`: the version of the circuit that the dispatcher went by.')
  @IsOptional()
  @IsInt()
  circuitVersion?: number;
  @Describe('With `at_limit` and `destination_unreadable`: after how many milliseconds to try again.')
  @IsOptional()
  @IsInt()
  @Min(0)
  retryInMs?: number;
}
