import { IsBoolean, IsISO8601, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';

export const attemptResults = ['delivered', 'refused', 'unreachable', 'blocked'] as const;

/** `blocked`: the address is one that this installation does not connect to. */
export type AttemptResult = (typeof attemptResults)[number];

@Describe("The dispatcher tried. The body is the start of the endpoint's answer, at most 16 KiB.")
export class DeliveryAttempted {
  static readonly type = 'delivery.attempted.v1';
  static readonly encoding = 'headers';
  static readonly bundleEveryMs = 20;

  @IsString() deliveryId: string;
  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsString() destinationId: string;
  @Describe('The version of the destination that the dispatcher went by.')
  @IsInt()
  @Min(1)
  destinationVersion: number;
  @IsInt() @Min(1) attempt: number;
  @IsISO8601() acceptedAt: string;
  @Describe('A try before this one may have reached the endpoint and left no report: its dispatcher died.')
  @IsBoolean()
  repeated: boolean;
  @Describe('One that the ledger does not have counts as `refused`: an answer, and no delivery.')
  @IsString()
  result: AttemptResult;
  @IsOptional() @IsInt() statusCode?: number;
  @Describe('Why there is no answer, or what was wrong with it: one of the classes of libs/egress.')
  @IsOptional()
  @IsString()
  errorClass?: string;
  @Describe('What the endpoint asked for in `Retry-After`, in seconds.')
  @IsOptional()
  @IsInt()
  retryAfterS?: number;
  @Describe('How many webhooks of a Posthorn led to the event; absent for none.')
  @IsOptional()
  @IsInt()
  @Min(0)
  hops?: number;
  @IsISO8601() startedAt: string;
  @IsInt() @Min(0) durationMs: number;
  body: Buffer;
}
