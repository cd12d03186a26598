import { type EventTypeChanged, type FieldError, isJsonType, Problem } from '#libs/contracts';
import { compileSchema, type JsonSchema, type Validate } from '#libs/schemas';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { GatewayConfig } from '../gateway.config.js';
import type { Envelope } from '../publish-event/read-envelope.js';
import { EventTypes } from './event-types.js';

const maxCompiled = 500;

interface Kept {
  readonly version: number;
  readonly validate: Validate;
}

/** Holds events to what their types say. */
@Injectable()
export class EventTypeCheck {
  readonly #compiled = new LRUCache<string, Kept>({ max: maxCompiled });

  constructor(
    private readonly eventTypes: EventTypes,
    private readonly config: GatewayConfig,
  ) {}

  /** @throws Problem `unavailable` while the event types are not known: nothing can be taken then. */
  mustBeAble(): void {
    this.eventTypes.mustBeKnown();
  }

  /**
   * @throws Problem `schema_mismatch` saying what is wrong with the data; `validation_failed` for a type that is not
   *   registered, where it has to be; `unavailable` while the event types are not known.
   */
  check({ type, contentType, data }: Envelope): void {
    const eventType = this.eventTypes.find(type);
    if (!eventType && this.config.EVENT_TYPES_STRICT) {
      throw new Problem('validation_failed', 'The event is not as it must be.', [
        { path: 'type', message: 'is not registered, which it has to be here' },
      ]);
    }
    if (eventType?.schema === undefined) return;
    if (data.length === 0 || !isJsonType(contentType)) {
      throw mismatch([{ path: 'data', message: 'must be JSON: its event type has a schema' }]);
    }
    const faults = this.#validator(eventType, eventType.schema)(data.toString());
    if (faults.length > 0)
      throw mismatch(faults.map(({ path, message }) => ({ path: `data${path}`, message })));
  }

  #validator({ name, version }: EventTypeChanged, schema: string): Validate {
    const kept = this.#compiled.get(name);
    if (kept?.version === version) return kept.validate;
    const compiled = compileSchema(JSON.parse(schema) as JsonSchema | boolean);
    // The registry has compiled it, too.
    if ('faults' in compiled) throw new Error(`the schema of ${name} cannot be used`);
    this.#compiled.set(name, { version, validate: compiled.validate });
    return compiled.validate;
  }
}

function mismatch(errors: FieldError[]): Problem {
  return new Problem('schema_mismatch', 'The data is not as the schema of its event type has it.', errors);
}
