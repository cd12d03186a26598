import { IsISO8601, IsString } from 'class-validator';
import { Describe } from '../describe.js';

@Describe('The router left out an acceptance of an event: another one of the same event counts.')
export class EventRepeated {
  static readonly type = 'event.repeated.v1';
  static readonly encoding = 'json';
  static readonly bundleEveryMs = 10;

  @IsString() tenantId: string;
  @IsString() eventId: string;
  @Describe('The one that was left out.')
  @IsString()
  acceptanceId: string;
  @IsISO8601() acceptedAt: string;
}
