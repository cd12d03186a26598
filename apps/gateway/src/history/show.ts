import { isUtf8 } from 'node:buffer';
import {
  AttemptOutcome,
  Describe,
  type EventRecord,
  EventWithDeliveries,
  isJsonType,
  OrAbsent,
  OrNull,
  TestOutcome,
} from '#libs/contracts';
import type { Type } from '@nestjs/common';
import { IsBoolean, IsObject, IsOptional, IsString } from 'class-validator';

/** What is told of an endpoint's answer, beside what came of the try. */
interface ShownAnswer {
  responseBody: string | null;
  responseBodyBase64?: string;
}

function withAnswer<Outcome extends object>(outcome: Type<Outcome>): Type<Outcome & ShownAnswer> {
  class Answered extends (outcome as Type<object>) implements ShownAnswer {
    @Describe("The start of the endpoint's answer; null when it is not text.")
    @OrNull()
    @IsString()
    readonly responseBody: string | null;
    @Describe('The same in base64, only when it is not text.')
    @OrAbsent()
    @IsString()
    readonly responseBodyBase64?: string;
  }
  return Answered as Type<Outcome & ShownAnswer>;
}

@Describe('One try at a delivery.', { title: 'Attempt' })
export class ShownAttempt extends withAnswer(AttemptOutcome) {}

@Describe('What came of a test.', { title: 'TestAttempt' })
export class ShownTest extends withAnswer(TestOutcome) {}

@Describe('One published fact.', { title: 'Event' })
export class ShownEvent extends EventWithDeliveries {
  @Describe(
    'The payload, in the bytes that were published; null when it is past its retention, or erased. Absent where it is not JSON.',
  )
  @IsOptional()
  readonly data?: unknown;

  @Describe('The payload in base64, where it is not JSON.')
  @OrAbsent()
  @IsString()
  readonly dataBase64?: string;

  @Describe('Media type of the payload; absent for application/json.')
  @OrAbsent()
  @IsString()
  readonly contentType?: string;

  @Describe('Of an event that was published as a CloudEvent: its source, subject, dataschema and extensions.')
  @OrAbsent()
  @IsObject()
  readonly cloudEvent?: object;
  @Describe('Only where the payload is past its retention.')
  @OrAbsent()
  @IsBoolean()
  readonly dataExpired?: true;
}

/**
 * An event with `data` in the bytes that were published: the answer is put together as text around them. What is not
 * JSON is shown as `dataBase64`. Data that is past its retention is null, and `dataExpired` tells that from a published
 * null.
 */
export function showEvent({ payload, contentType, cloudEvent, ...event }: EventRecord): string {
  const isJson = isJsonType(contentType ?? undefined);
  const shown = {
    ...event,
    ...(contentType !== null && { contentType }),
    ...(cloudEvent !== null && { cloudEvent: JSON.parse(cloudEvent) as object }),
  };
  if (payload === null) return JSON.stringify({ ...shown, data: null, dataExpired: true });
  if (!isJson) return JSON.stringify({ ...shown, dataBase64: payload });
  // Without a payload it is an event without data.
  const data = payload === '' ? 'null' : Buffer.from(payload, 'base64').toString();
  return `${JSON.stringify(shown).slice(0, -1)},"data":${data}}`;
}

export function showAnswer<Answered extends { response: string }>({
  response,
  ...attempt
}: Answered): Omit<Answered, 'response'> & ShownAnswer {
  const bytes = Buffer.from(response, 'base64');
  // An answer that was cut in the middle of a character is still text.
  const isText = [0, 1, 2, 3].some(
    (cut) => cut <= bytes.length && isUtf8(bytes.subarray(0, bytes.length - cut)),
  );
  return isText
    ? { ...attempt, responseBody: bytes.toString() }
    : { ...attempt, responseBody: null, responseBodyBase64: response };
}
