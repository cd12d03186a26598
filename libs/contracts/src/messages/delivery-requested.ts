import { IsBoolean, IsISO8601, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('One event is to be delivered to one destination, now. The body is the published payload.')
export class DeliveryRequested {
  static readonly type = 'delivery.requested.v1';
  static readonly encoding = 'headers';
  static readonly partitionKey = 'destinationId';

  @IsString() deliveryId: string;
  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsString() timestamp: string;
  @IsISO8601() acceptedAt: string;
  @IsString() destinationId: string;
  @Describe('The dispatcher must know the destination at least as of this version.')
  @IsInt()
  @Min(1)
  destinationVersion: number;
  @Describe('1 for the first.')
  @IsInt()
  @Min(1)
  attempt: number;
  @Describe(
    'To be tried although the circuit is open: what comes of it decides whether the circuit stays so.',
  )
  @IsOptional()
  @IsBoolean()
  probe?: boolean;
  @Describe('This attempt was asked for before, and whoever was asked may have made it.')
  @IsOptional()
  @IsBoolean()
  repeated?: boolean;
  @Describe('As the event was accepted with.')
  @IsOptional()
  @IsString()
  contentType?: string;
  @IsOptional() @IsString() cloudEvent?: string;
  @Describe(
    'How many webhooks of a Posthorn led to the event; absent for none. Its own webhooks count one more.',
  )
  @IsOptional()
  @IsInt()
  @Min(0)
  hops?: number;
  body: Buffer;
}
