import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsISO8601,
  IsInt,
  IsOptional,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';
import { Describe, OrAbsent, OrNull } from '../describe.js';
import { type AttemptResult, attemptResults } from '../messages/delivery-attempted.js';
import { type EventSource, eventSources } from '../messages/event-accepted.js';
import { Asking } from '../messages/message.js';
import { IsMoment } from './is-moment.js';
import { type Page, PageRequest } from './page.js';
import { OfDelivery, OfEvent, OfTenant } from './of-tenant.js';

export const deliveryStatuses = ['pending', 'retrying', 'delivered', 'failed', 'held', 'cancelled'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

@Describe('One published fact, without its payload.')
export class EventSummary {
  @IsString() id: string;
  @IsString() tenantId: string;
  @IsString() type: string;
  @Describe('When it happened, as its publisher said, else when it was accepted.')
  @IsString()
  timestamp: string;
  @IsISO8601() acceptedAt: string;
  @Describe('The door it came through; `posthorn` for what Posthorn itself tells its operator.')
  @IsIn(eventSources)
  source: EventSource;
}

@Describe('One event for one destination, in short.')
export class DeliverySummary {
  @IsString() id: string;
  @IsString() destinationId: string;
  @IsIn(deliveryStatuses) status: DeliveryStatus;
}

@Describe('How often an event was published again under its id, which delivered nothing.')
export class EventRepeats {
  @Describe('10,000 for that many and for more.') @IsInt() @Min(1) count: number;
  @Describe('When the last of them was accepted.') @IsISO8601() lastAt: string;
  @Describe('Whether one of them had another type, content type or payload: what is stored is the first one.')
  @IsBoolean()
  contentDiffered: boolean;
}

export class EventWithDeliveries extends EventSummary {
  @Describe('Absent for an event that was published once.')
  @OrAbsent()
  @ValidateNested()
  @Type(() => EventRepeats)
  repeats?: EventRepeats;

  @Describe('The first 250 destinations it went to.')
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DeliverySummary)
  deliveries: DeliverySummary[];
  @Describe('There are more: `GET …/deliveries?eventId=` lists all of them.')
  @IsBoolean()
  hasMore: boolean;
}

export class EventRecord extends EventWithDeliveries {
  @Describe('Media type of the payload; null for application/json.')
  @OrNull()
  @IsString()
  contentType: string | null;
  @Describe('As JSON: the CloudEvents attributes it came with, but for those that are fields here.')
  @OrNull()
  @IsString()
  cloudEvent: string | null;
  @Describe('The published bytes, base64; null when they are past their retention, or erased.')
  @OrNull()
  @IsString()
  payload: string | null;
}

@Describe('One event for one destination: the unit that succeeds or fails.')
export class Delivery extends DeliverySummary {
  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsInt() attemptCount: number;
  @Describe('When it is tried again; null where it is not, or is not known yet.')
  @OrNull()
  @IsISO8601()
  nextAttemptAt: string | null;
  @IsISO8601() createdAt: string;
  @IsISO8601() updatedAt: string;
}

/** An attempt without the endpoint's answer, which is told in more than one way. */
export class AttemptOutcome {
  @IsString() id: string;
  @IsString() deliveryId: string;
  @Describe('1 for the first.') @IsInt() number: number;
  @Describe('`blocked`: the address is one that this installation does not connect to.')
  @IsIn(attemptResults)
  result: AttemptResult;
  @Describe('What the endpoint answered, if it did.') @OrNull() @IsInt() statusCode: number | null;
  @Describe('Why there is no answer, or what was wrong with it.', { examples: ['http_5xx', 'timeout'] })
  @OrNull()
  @IsString()
  errorClass: string | null;
  @Describe('A try before this one may have reached the endpoint and left no report: its dispatcher died.')
  @IsBoolean()
  repeated: boolean;
  @IsISO8601() startedAt: string;
  @IsInt() durationMs: number;
}

export class Attempt extends AttemptOutcome {
  @Describe("The start of the endpoint's answer, base64.")
  @IsString()
  response: string;
}

class HistoryQuery {
  @Describe('Accepted on this day or at this time, or later.') @IsOptional() @IsMoment() after?: string;
  @Describe('Accepted before this day or time.') @IsOptional() @IsMoment() before?: string;
}

export class EventFilter extends HistoryQuery {
  @Describe('Only events of this type.') @IsOptional() @IsString() type?: string;
}

export class DeliveryFilter extends HistoryQuery {
  @IsOptional() @IsString() destinationId?: string;
  @IsOptional() @IsString() eventId?: string;
  @IsOptional() @IsString() eventType?: string;
  @IsOptional() @IsIn(deliveryStatuses) status?: DeliveryStatus;
}

/** The operator's: of one tenant, or of all. */
export class AnyEventFilter extends EventFilter {
  @Describe('Only of this tenant.') @IsOptional() @IsString() tenantId?: string;
}

export class AnyDeliveryFilter extends DeliveryFilter {
  @Describe('Only of this tenant.') @IsOptional() @IsString() tenantId?: string;
}

export class ListEvents extends OfTenant<Page<EventSummary>> {
  static readonly type = 'ledger.list-events.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => EventFilter) filter: EventFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class GetEvent extends OfEvent<EventRecord> {
  static readonly type = 'ledger.get-event.v1';
  static readonly encoding = 'json';
}

export class ListDeliveries extends OfTenant<Page<Delivery>> {
  static readonly type = 'ledger.list-deliveries.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => DeliveryFilter) filter: DeliveryFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

@Describe(
  'Across tenants. Not the same request without a tenant: nobody is to ask for all of them by forgetting one.',
)
export class ListAnyEvents extends Asking<Page<EventSummary>> {
  static readonly type = 'ledger.list-any-events.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => AnyEventFilter) filter: AnyEventFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class ListAnyDeliveries extends Asking<Page<Delivery>> {
  static readonly type = 'ledger.list-any-deliveries.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => AnyDeliveryFilter) filter: AnyDeliveryFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class GetDelivery extends OfDelivery<Delivery> {
  static readonly type = 'ledger.get-delivery.v1';
  static readonly encoding = 'json';
}

@Describe('The attempts of a delivery, oldest first, as they were made: `newer` are those of the next page.')
export class ListAttempts extends OfDelivery<Page<Attempt>> {
  static readonly type = 'ledger.list-attempts.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}
