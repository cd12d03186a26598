import { Allow, Matches, MaxLength } from 'class-validator';
import { Describe, OrAbsent } from '../describe.js';
import { eventIdSyntax, eventTypeMaxLength, eventTypeSyntax } from '../event-type.js';
import { IsTimestamp } from '../timestamp.js';

/** For the documents: at the door the body is read byte by byte, since `data` is handed on as it was written. */
@Describe('An event to be published.')
export class NewEvent {
  @Describe("The publisher's own id, unique for the tenant; it is made up where it is absent.")
  @OrAbsent()
  @Matches(eventIdSyntax)
  id?: string;
  @Describe('What happened.') @Matches(eventTypeSyntax) @MaxLength(eventTypeMaxLength) type: string;
  @Describe('The payload: any JSON. It is delivered in these very bytes.') @Allow() data: unknown;
  @Describe('When it happened (RFC 3339). Default: now.') @OrAbsent() @IsTimestamp() timestamp?: string;
}
