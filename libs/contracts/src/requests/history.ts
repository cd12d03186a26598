import { Type } from 'class-transformer';
import { IsIn, IsISO8601, IsOptional, IsString, ValidateNested } from 'class-validator';
import type { AttemptResult } from '../messages/delivery-attempted.js';
import type { EventSource } from '../messages/event-accepted.js';
import { Asking } from '../messages/message.js';
import { type Page, PageRequest } from './page.js';

export const deliveryStatuses = ['pending', 'retrying', 'delivered', 'failed', 'held', 'cancelled'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

export interface EventSummary {
  id: string;
  tenantId: string;
  type: string;
  timestamp: string;
  acceptedAt: string;
  source: EventSource;
}

export interface EventRecord extends EventSummary {
  /** The published bytes, base64; null when they are past their retention. */
  payload: string | null;
  deliveries: DeliverySummary[];
}

export interface DeliverySummary {
  id: string;
  destinationId: string;
  status: DeliveryStatus;
}

export interface Delivery extends DeliverySummary {
  tenantId: string;
  eventId: string;
  eventType: string;
  attemptCount: number;
  nextAttemptAt: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Attempt {
  id: string;
  deliveryId: string;
  number: number;
  result: AttemptResult;
  statusCode: number | null;
  errorClass: string | null;
  /** A try before this one may have reached the endpoint and left no report: its dispatcher died. */
  repeated: boolean;
  startedAt: string;
  durationMs: number;
  /** The start of the endpoint's answer, base64. */
  response: string;
}

class HistoryQuery {
  @IsOptional() @IsISO8601() after?: string;
  @IsOptional() @IsISO8601() before?: string;
}

export class EventFilter extends HistoryQuery {
  @IsOptional() @IsString() type?: string;
}

export class DeliveryFilter extends HistoryQuery {
  @IsOptional() @IsString() destinationId?: string;
  @IsOptional() @IsString() eventId?: string;
  @IsOptional() @IsString() eventType?: string;
  @IsOptional() @IsIn(deliveryStatuses) status?: DeliveryStatus;
}

export class ListEvents extends Asking<Page<EventSummary>> {
  static readonly type = 'ledger.list-events.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @ValidateNested() @Type(() => EventFilter) filter: EventFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class GetEvent extends Asking<EventRecord> {
  static readonly type = 'ledger.get-event.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @IsString() eventId: string;
}

export class ListDeliveries extends Asking<Page<Delivery>> {
  static readonly type = 'ledger.list-deliveries.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @ValidateNested() @Type(() => DeliveryFilter) filter: DeliveryFilter;
  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class GetDelivery extends Asking<Delivery> {
  static readonly type = 'ledger.get-delivery.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @IsString() deliveryId: string;
}

/** All attempts of a delivery, oldest first: a schedule bounds how many there are. */
export class ListAttempts extends Asking<Attempt[]> {
  static readonly type = 'ledger.list-attempts.v1';
  static readonly encoding = 'json';

  @IsString() tenantId: string;
  @IsString() deliveryId: string;
}
