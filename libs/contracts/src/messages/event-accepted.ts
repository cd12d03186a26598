import { IsISO8601, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';
import { IsTimestamp } from '../timestamp.js';

/** `posthorn`: Posthorn itself tells its operator something. */
export const eventSources = ['http', 'amqp', 'posthorn'] as const;
export type EventSource = (typeof eventSources)[number];

@Describe(
  'The gateway took an event from a publisher; from here on it is not lost. The body is the published payload.',
)
export class EventAccepted {
  static readonly type = 'event.accepted.v1';
  static readonly encoding = 'headers';
  /** A publisher waits for it. */
  static readonly bundleEveryMs = 10;

  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @Describe('When it happened, as the publisher wrote it (RFC 3339), else the time of acceptance.')
  @IsTimestamp()
  timestamp: string;
  @Describe(
    'One per acceptance, not per event: the same event published twice is accepted twice under two of these, while a message that the broker delivers again keeps its own. That tells a repeat from a redelivery.',
  )
  @IsString()
  acceptanceId: string;
  @IsISO8601() acceptedAt: string;
  @IsString() source: EventSource;
  @Describe(
    'Media type of the payload; absent means application/json. An empty payload is an event without data.',
  )
  @IsOptional()
  @IsString()
  contentType?: string;
  @Describe(
    'As JSON: the CloudEvents attributes that the event came with and that have no field of their own here.',
  )
  @IsOptional()
  @IsString()
  cloudEvent?: string;
  @Describe(
    'How many webhooks of a Posthorn led to the event; absent for none. Its own webhooks count one more.',
  )
  @IsOptional()
  @IsInt()
  @Min(0)
  hops?: number;
  body: Buffer;
}
