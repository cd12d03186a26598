import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { Describe } from '../describe.js';
import { Actor, FromActor } from './actor.js';
import { type Delivery, DeliverySummary } from './history.js';
import { maxNamedDestinations } from './match-event.js';
import { OfDelivery, OfEvent } from './of-tenant.js';

@Describe('To whom an event goes again: to all that match now, unless some are named.', {
  examples: [{}],
})
export class ReplayEventInput {
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(maxNamedDestinations)
  @ArrayUnique()
  @IsString({ each: true })
  destinationIds?: string[];
}

export class EventReplay {
  @IsString() eventId: string;
  @Describe('To how many destinations it is to go.') @IsInt() matched: number;
  @Describe('How many of these go again, now or once enabled; the others are under way already.')
  @IsInt()
  done: number;
  @Describe('The first 250 of them.')
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DeliverySummary)
  deliveries: DeliverySummary[];
  @Describe('There are more: `GET …/deliveries?eventId=` lists all of them.')
  @IsBoolean()
  hasMore: boolean;
}

export class ReplayEvent extends OfEvent<EventReplay> {
  static readonly type = 'ledger.replay-event.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => ReplayEventInput) input: ReplayEventInput;
  @FromActor() actor?: Actor;
}

@Describe('One delivery is to be tried now, on a schedule that begins anew.')
export class RetryDelivery extends OfDelivery<Delivery> {
  static readonly type = 'ledger.retry-delivery.v1';
  static readonly encoding = 'json';

  @FromActor() actor?: Actor;
}
