import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsOptional,
  IsString,
  ValidateNested,
} from 'class-validator';
import { Describe, OrAbsent } from '../describe.js';
import type { AttemptResult } from '../messages/delivery-attempted.js';
import { type DeliveryStatus, EventRepeats } from './history.js';
import { OfEvent } from './of-tenant.js';

/** How many destinations an explanation tells of. */
export const maxExplained = 500;

/** What the books know of one delivery of the event. */
export interface RecordedDelivery {
  deliveryId: string;
  destinationId: string;
  status: DeliveryStatus;
  attemptCount: number;
  nextAttemptAt: string | null;
  circuitOpen: boolean;
  lastAttempt: {
    result: AttemptResult;
    statusCode: number | null;
    errorClass: string | null;
    startedAt: string;
  } | null;
}

export interface RecordedEvent {
  eventType: string;
  timestamp: string;
  acceptedAt: string;
  contentType: string | null;
  cloudEvent: string | null;
  /** The router has said what it matched. */
  isRouted: boolean;
  /** Base64; null when it is past its retention, or erased. */
  payload: string | null;
  /** Its payload was erased on request: what was not finished then is cancelled. */
  payloadErased: boolean;
  deliveries: RecordedDelivery[];
  hasMore: boolean;
  repeats?: EventRepeats;
}

export class GetRecordedEvent extends OfEvent<RecordedEvent> {
  static readonly type = 'ledger.get-recorded-event.v1';
  static readonly encoding = 'json';
}

/** How a destination, as it is now, takes an event. */
export interface MatchedNow {
  destinationId: string;
  enabled: boolean;
  eventTypes: string[];
  typeMatches: boolean;
  /** The first condition of its filter that does not hold. */
  mismatch: string | null;
  /** Its filter is on data that is not kept any more. */
  isUnknown: boolean;
  /** The filters of the tenant cost too much for this event: it is delivered without the result of this one. */
  isUndecided?: boolean;
}

@Describe(
  'All destinations of the tenant, as the router knows them. The body is the payload, if it is still kept.',
)
export class ExplainRouting extends OfEvent<{ destinations: MatchedNow[]; hasMore: boolean }> {
  static readonly type = 'router.explain-routing.v1';
  static readonly encoding = 'headers';

  @IsString() eventType: string;
  @IsString() timestamp: string;
  @IsOptional() @IsString() contentType?: string;
  @IsOptional() @IsString() cloudEvent?: string;
  @IsBoolean() hasPayload: boolean;
  body: Buffer;
}

export const explanationReasons = [
  'delivered',
  'waiting',
  'retrying',
  'failed',
  'destination_disabled',
  'circuit_open',
  'destination_deleted',
  'payload_erased',
  'not_routed_yet',
  'created_after_event',
  'event_type_mismatch',
  'filter_mismatch',
  'payload_expired',
  'changed_since',
] as const;
export type ExplanationReason = (typeof explanationReasons)[number];

@Describe('Why one destination did, or did not, get an event.')
export class DestinationExplanation {
  @IsString() destinationId: string;
  @IsBoolean() delivered: boolean;
  @IsIn(explanationReasons) reason: ExplanationReason;
  @Describe('The same in a sentence.')
  @IsString()
  detail: string;
  @Describe('`recorded`: the books say so. `reconstructed`: it follows from the destination as it is now.')
  @IsIn(['recorded', 'reconstructed'])
  basis: 'recorded' | 'reconstructed';
  @OrAbsent() @IsString() deliveryId?: string;
  @OrAbsent() @IsInt() attempts?: number;
  @OrAbsent() @IsISO8601() nextAttemptAt?: string;
}

export class EventExplanation {
  @IsString() eventId: string;
  @IsString() type: string;
  @IsISO8601() acceptedAt: string;
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => DestinationExplanation)
  destinations: DestinationExplanation[];
  @Describe('Absent for an event that was published once.')
  @OrAbsent()
  @ValidateNested()
  @Type(() => EventRepeats)
  repeats?: EventRepeats;
  @Describe('There are more destinations than are told of.')
  @IsBoolean()
  hasMore: boolean;
}
