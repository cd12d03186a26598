import { ArrayMaxSize, IsArray, IsBoolean, IsInt, IsOptional, IsString, Min } from 'class-validator';
import { Describe } from '../describe.js';
import { Asking } from '../messages/message.js';

export const maxNamedDestinations = 250;

@Describe('A destination of the tenant, as the router knows it.')
export class MatchedDestination {
  @IsString() destinationId: string;
  @IsInt() @Min(1) destinationVersion: number;
  @IsBoolean() enabled: boolean;
}

@Describe(
  'The ledger asks who is to get an event that is sent again: all destinations that match now, or those that are named, whether they match or not. Nothing is remembered of it, and the inbox is not asked. The body is the published payload.',
)
export class MatchEvent extends Asking<MatchedDestination[]> {
  static readonly type = 'router.match-event.v1';
  static readonly encoding = 'headers';

  @IsString() tenantId: string;
  @IsString() eventId: string;
  @IsString() eventType: string;
  @IsString() timestamp: string;
  @Describe('Media type of the payload; absent means application/json.')
  @IsOptional()
  @IsString()
  contentType?: string;
  @Describe('As the event was accepted with.') @IsOptional() @IsString() cloudEvent?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(maxNamedDestinations)
  @IsString({ each: true })
  destinationIds?: string[];
  body: Buffer;
}
