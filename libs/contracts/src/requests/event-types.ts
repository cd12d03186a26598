import { Type } from 'class-transformer';
import {
  Allow,
  IsBoolean,
  IsISO8601,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { Describe, OrNull } from '../describe.js';
import { eventTypeMaxLength, eventTypeMessage, eventTypeSyntax } from '../event-type.js';
import { EventTypeChanged } from '../messages/event-type-changed.js';
import { Asking } from '../messages/message.js';
import { Actor, FromActor } from './actor.js';
import { type Page, PageRequest } from './page.js';
import { Raw } from './raw.js';

/** A JSON Schema is an object, or says with a boolean that everything or nothing is valid. */
function IsSchema(): PropertyDecorator {
  return ValidateBy({
    name: 'isSchema',
    validator: {
      validate: (value) =>
        typeof value === 'boolean' || (typeof value === 'object' && value !== null && !Array.isArray(value)),
      defaultMessage: () => '$property must be an object, true or false: a JSON Schema',
    },
  });
}

const example = {
  description: 'An invoice was paid in full.',
  schema: { type: 'object', properties: { amount: { type: 'integer' } }, required: ['amount'] },
  example: { invoice: 'in_1', amount: 4200 },
};

@Describe('An event type that is registered: what its events are about, and what their data has to be.')
export class EventType {
  @Describe('What events name as their type.', { examples: ['invoice.paid'] }) @IsString() name: string;
  @IsString() description: string;
  @Describe('JSON Schema 2020-12; null where any data will do.')
  @OrNull()
  @Raw()
  @IsSchema()
  schema: object | boolean | null;
  @Describe('Data that such an event could have; null for none.') @Raw() @Allow() example: unknown;
  @Describe('For its readers only: its events are accepted as ever.') @IsBoolean() deprecated: boolean;
  @IsISO8601() createdAt: string;
  @IsISO8601() updatedAt: string;
}

@Describe('What an event type is to be; what is absent goes to its default.', { examples: [example] })
export class EventTypeInput {
  @IsOptional() @IsString() @MaxLength(2000) description?: string | null;
  @Describe('JSON Schema 2020-12: data is held to it.') @IsOptional() @Raw() @IsSchema() schema?:
    | object
    | boolean
    | null;
  @Describe('Data that such an event could have: any JSON of up to 64 KiB that the schema allows.')
  @IsOptional()
  @Raw()
  example?: unknown;
  @IsOptional() @IsBoolean() deprecated?: boolean | null;
}

export class PutEventType extends Asking<{
  eventType: EventType;
  created: boolean;
  change: EventTypeChanged;
}> {
  static readonly type = 'registry.put-event-type.v1';
  static readonly encoding = 'json';

  @MaxLength(eventTypeMaxLength)
  @Matches(eventTypeSyntax, { message: `name ${eventTypeMessage}` })
  name: string;
  @ValidateNested() @Type(() => EventTypeInput) input: EventTypeInput;
  @FromActor() actor?: Actor;
}

export class GetEventType extends Asking<EventType> {
  static readonly type = 'registry.get-event-type.v1';
  static readonly encoding = 'json';

  @IsString() name: string;
}

export class ListEventTypes extends Asking<Page<EventType>> {
  static readonly type = 'registry.list-event-types.v1';
  static readonly encoding = 'json';

  @ValidateNested() @Type(() => PageRequest) page: PageRequest;
}

export class DeleteEventType extends Asking<EventTypeChanged> {
  static readonly type = 'registry.delete-event-type.v1';
  static readonly encoding = 'json';

  @IsString() name: string;
  @FromActor() actor?: Actor;
}

@Describe(
  'What has changed since a version, in the order of the changes, for who keeps a copy and may have missed some.',
)
export class ListEventTypeChanges extends Asking<{ changes: EventTypeChanged[]; more: boolean }> {
  static readonly type = 'registry.list-event-type-changes.v1';
  static readonly encoding = 'json';

  @IsInt() @Min(0) after: number;
}
