import { IsISO8601, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';

@Describe(
  "A delivery's schedule is used up: the ledger has given it up. May be said more than once of the same delivery.",
)
export class DeliveryFailed {
  static readonly type = 'delivery.failed.v1';
  static readonly encoding = 'json';

  @IsString() deliveryId: string;
  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsString() destinationId: string;
  @IsInt() @Min(1) attempts: number;
  @Describe('What the last attempt came to.')
  @IsOptional()
  @IsInt()
  statusCode?: number;
  @IsOptional() @IsString() errorClass?: string;
  @Describe('How many webhooks of a Posthorn led to the event; absent for none.')
  @IsOptional()
  @IsInt()
  @Min(0)
  hops?: number;
  @Describe('When the last attempt was made.')
  @IsISO8601()
  lastAttemptAt: string;
}
