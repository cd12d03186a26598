import { changedFields, recordAudit } from '#libs/audit';
import {
  type Actor,
  create,
  type EventType,
  EventTypeChanged,
  type EventTypeInput,
  type Page,
  type PageRequest,
  Problem,
} from '#libs/contracts';
import { Database, enqueue, exactTime, type Kysely, readPage, type Row, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { RegistryConfig } from '../registry.config.js';
import type { EventTypesTable, RegistryTables } from '../registry.tables.js';

/** So that what is asked for after a version holds all that has come since. */
const oneAtATime = sql`select pg_advisory_xact_lock(hashtext('registry.event-types'))`;
const nextVersion = sql<string>`nextval('event_type_versions')`;
const changesPerReply = 50;

@Injectable()
export class EventTypesRepository {
  constructor(
    private readonly database: Database<RegistryTables>,
    private readonly config: RegistryConfig,
  ) {}

  /** @throws Problem `limit_reached` for one more than there may be. */
  put(
    name: string,
    input: EventTypeInput,
    actor: Actor | undefined,
  ): Promise<{ eventType: EventType; created: boolean; change: EventTypeChanged }> {
    const values = {
      version: nextVersion,
      deleted: false,
      description: input.description ?? '',
      schema: textOf(input.schema),
      example: textOf(input.example),
      deprecated: input.deprecated ?? false,
    };
    return this.database.transaction(async (db) => {
      await oneAtATime.execute(db);
      const known = await select(db, name);
      const created = known === undefined;
      if (created) await this.#mustHaveRoom(db);
      const row = await db
        .insertInto('event_types')
        .values({ name, ...values })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet({
            ...values,
            updated_at: sql`now()`,
            ...(created && { created_at: sql`now()` }),
          }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      const change = changeOf(row);
      await enqueue(db, [change]);
      await record(db, { actor, name, before: known, after: row });
      return { eventType: eventTypeOf(row), created, change };
    });
  }

  /** @returns undefined if there is none. */
  delete(name: string, actor: Actor | undefined): Promise<EventTypeChanged | undefined> {
    return this.database.transaction(async (db) => {
      await oneAtATime.execute(db);
      const before = await select(db, name);
      const row = await db
        .updateTable('event_types')
        .set({ version: nextVersion, deleted: true, schema: null, example: null })
        .where('name', '=', name)
        .where('deleted', '=', false)
        .returningAll()
        .executeTakeFirst();
      if (!row) return undefined;
      const change = changeOf(row);
      await enqueue(db, [change]);
      await record(db, { actor, name, before });
      return change;
    });
  }

  async find(name: string): Promise<EventType | undefined> {
    const row = await this.database.run((db) => select(db, name));
    return row && eventTypeOf(row);
  }

  async #mustHaveRoom(db: Kysely<RegistryTables>): Promise<void> {
    const { MAX_EVENT_TYPES: limit } = this.config;
    const { count } = await db
      .selectFrom('event_types')
      .select(sql<number>`count(*)::integer`.as('count'))
      .where('deleted', '=', false)
      .executeTakeFirstOrThrow();
    if (count >= limit)
      throw new Problem('limit_reached', `There are ${count} event types, and may be ${limit}.`);
  }

  /** As JSON; undefined where there is none. */
  async exampleOf(name: string): Promise<string | undefined> {
    const row = await this.database.run((db) => select(db, name));
    return row?.example ?? undefined;
  }

  async list(page: PageRequest): Promise<Page<EventType>> {
    return this.database.run((db) =>
      readPage(
        db
          .selectFrom('event_types')
          .selectAll()
          .select([exactTime('created_at').as('position_at'), 'name as position_id'])
          .where('deleted', '=', false),
        { at: 'created_at', id: 'name' },
        page,
        eventTypeOf,
      ),
    );
  }

  async changesAfter(version: number): Promise<{ changes: EventTypeChanged[]; more: boolean }> {
    const rows = await this.database.run((db) =>
      db
        .selectFrom('event_types')
        .selectAll()
        .where('version', '>', String(version))
        .orderBy('version')
        .limit(changesPerReply)
        .execute(),
    );
    return { changes: rows.map(changeOf), more: rows.length === changesPerReply };
  }
}

interface Recorded {
  readonly actor: Actor | undefined;
  readonly name: string;
  readonly before?: Row<EventTypesTable> | undefined;
  readonly after?: Row<EventTypesTable>;
}

async function record(db: Kysely<RegistryTables>, { actor, name, before, after }: Recorded): Promise<void> {
  const changed = changedFields(before && auditedFields(before), after && auditedFields(after));
  if (!changed) return;
  const done = before ? (after ? 'updated' : 'deleted') : 'created';
  const object = { type: 'event-type', id: name };
  await recordAudit(db, [{ actor, action: `event-type.${done}`, object, ...changed }]);
}

function auditedFields(row: Row<EventTypesTable>) {
  const { description, schema, example, deprecated } = eventTypeOf(row);
  return { description, schema, example, deprecated };
}

function select(db: Kysely<RegistryTables>, name: string): Promise<Row<EventTypesTable> | undefined> {
  return db
    .selectFrom('event_types')
    .selectAll()
    .where('name', '=', name)
    .where('deleted', '=', false)
    .executeTakeFirst();
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function eventTypeOf(row: Row<EventTypesTable>): EventType {
  return {
    name: row.name,
    description: row.description,
    schema: row.schema === null ? null : (JSON.parse(row.schema) as object),
    example: row.example === null ? null : (JSON.parse(row.example) as unknown),
    deprecated: row.deprecated,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

function changeOf(row: Row<EventTypesTable>): EventTypeChanged {
  return create(EventTypeChanged, {
    name: row.name,
    version: Number(row.version),
    deleted: row.deleted,
    ...(row.schema !== null && { schema: row.schema }),
  });
}
