import { IsIn, IsInt, IsISO8601, IsOptional, IsString, Matches, MaxLength, Min } from 'class-validator';
import { Describe, OrNull } from '../describe.js';
import { eventTypeMaxLength, eventTypeMessage, eventTypeSyntax } from '../event-type.js';
import { type AttemptResult, attemptResults } from '../messages/delivery-attempted.js';
import { Actor, FromActor } from './actor.js';
import { OfDestination } from './of-tenant.js';

/** The type of the event that a test sends unless the caller says another. */
export const testEventType = 'posthorn.test';

@Describe('What a test is to send.', { examples: [{ eventType: 'invoice.paid' }] })
export class DestinationTest {
  @Describe(
    `Of the event that is sent. Its data is the example that this type is registered with, if any. Default: ${testEventType}.`,
  )
  @IsOptional()
  @IsString()
  @MaxLength(eventTypeMaxLength)
  @Matches(eventTypeSyntax, { message: `eventType ${eventTypeMessage}` })
  eventType?: string | null;
}

/** What a test is to send, and as of which version of the destination. */
export interface PreparedTest {
  destinationVersion: number;
  /** JSON text. */
  data: string;
}

export class PrepareDestinationTest extends OfDestination<PreparedTest> {
  static readonly type = 'registry.prepare-destination-test.v1';
  static readonly encoding = 'json';

  @IsString() eventType: string;
  @FromActor() actor?: Actor;
}

/** What came of a test. It is told to whoever asked, and to nobody else. */
export class TestOutcome {
  @IsString() eventId: string;
  @IsString() eventType: string;
  @Describe('`blocked`: the address is one that this installation does not connect to.')
  @IsIn(attemptResults)
  result: AttemptResult;
  @Describe('What the endpoint answered, if it did.') @OrNull() @IsInt() statusCode: number | null;
  @Describe('Why there is no answer, or what was wrong with it.', { examples: ['http_5xx', 'timeout'] })
  @OrNull()
  @IsString()
  errorClass: string | null;
  @IsISO8601() startedAt: string;
  @IsInt() durationMs: number;
}

export class TestAttempt extends TestOutcome {
  @Describe("The start of the endpoint's answer, base64.")
  @IsString()
  response: string;
}

@Describe(
  'One webhook is to be sent now, whatever circuit and switch say, and what comes of it is the answer. Over a limit it is refused.',
)
export class TestDestination extends OfDestination<TestAttempt> {
  static readonly type = 'dispatcher.test-destination.v1';
  static readonly encoding = 'json';

  @IsInt() @Min(1) destinationVersion: number;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsISO8601() timestamp: string;
  @Describe('JSON text.')
  @IsString()
  data: string;
}
