import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsISO8601, IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('One destination that an event goes to.')
export class RoutedDelivery {
  @IsString() deliveryId: string;
  @IsString() destinationId: string;
  @IsInt() destinationVersion: number;
  @Describe('True where the destination was disabled: the delivery is kept, and not asked for yet.')
  @IsBoolean()
  held: boolean;
  @Describe(
    'True where the router did not request the delivery, as copies of the event for this tenant take too much room in RabbitMQ: the ledger requests it when there is room.',
  )
  @IsOptional()
  @IsBoolean()
  waiting?: boolean;
}

@Describe(
  'The router matched an event to destinations. An event for very many destinations gives several of these.',
)
export class EventRouted {
  static readonly type = 'event.routed.v1';
  static readonly encoding = 'json';
  /** Before the router takes the next batch this one has to be confirmed. */
  static readonly bundleEveryMs = 10;

  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsString() acceptanceId: string;
  @IsISO8601() acceptedAt: string;
  @IsArray() @ValidateNested({ each: true }) @Type(() => RoutedDelivery) deliveries: RoutedDelivery[];
}
