import type { MessageType } from '#libs/contracts';
import { Readings } from '#libs/observability';
import { type QueryExecutorProvider, sql } from 'kysely';

/** The database whose outbox it is. */
interface Transactional {
  run<Result>(work: (db: QueryExecutorProvider) => Promise<Result>): Promise<Result>;
  transaction<Result>(work: (db: QueryExecutorProvider) => Promise<Result>): Promise<Result>;
}

interface OutboxRow {
  readonly id: string;
  readonly message_type: string;
  readonly body: string;
}

const batchSize = 200;
const mostCounted = 1000;

const waiting = new Readings(
  {
    messages: {
      name: 'posthorn_outbox_messages',
      help: `Messages that were written with a change and are not published yet. Counted up to ${mostCounted}.`,
    },
    oldest: {
      name: 'posthorn_outbox_oldest_seconds',
      help: 'Since when the oldest of them has waited.',
    },
  },
  10_000,
);
/** What a nudge did not get out. */
const retryMs = 1000;
/** What a process that died did not get out: nothing else is in the outbox that nobody was nudged for. */
const lookMs = 5000;

export async function createOutbox(db: QueryExecutorProvider): Promise<void> {
  await sql`
    create table outbox (
      id bigint generated always as identity primary key,
      message_type text not null,
      body text not null,
      created_at timestamptz not null default now()
    )`.execute(db);
}

/** Writes messages beside the change that causes them: either both are committed or neither is. */
export async function enqueue(db: QueryExecutorProvider, messages: readonly object[]): Promise<void> {
  if (messages.length === 0) return;
  const types = messages.map((message) => (message.constructor as unknown as MessageType).type);
  const bodies = messages.map((message) => JSON.stringify(message));
  await sql`
    insert into outbox (message_type, body)
    select * from unnest(${types}::text[], ${bodies}::text[])`.execute(db);
}

async function hasAny(db: QueryExecutorProvider): Promise<boolean> {
  const { rows } = await sql`select from outbox limit 1`.execute(db);
  return rows.length > 0;
}

async function lookAt(db: QueryExecutorProvider): Promise<{ messages: number; oldest: number }> {
  const { rows } = await sql<{ messages: number; oldest: number }>`
    select count(*)::integer as messages,
      coalesce(extract(epoch from now() - min(created_at)), 0)::double precision as oldest
    from (select created_at from outbox order by id limit ${mostCounted}) as first`.execute(db);
  return rows[0] ?? { messages: 0, oldest: 0 };
}

/**
 * Publishes what is in the outbox and deletes it once the broker has confirmed. A crash between the two publishes
 * again: whoever consumes goes by versions. Several processes share the work.
 */
export class OutboxRelay {
  readonly #types: ReadonlyMap<string, MessageType>;
  #nextLook: NodeJS.Timeout | undefined;
  #passing: Promise<void> | undefined;
  #nudgedAgain = false;

  constructor(
    private readonly options: {
      readonly database: Transactional;
      readonly types: readonly MessageType[];
      readonly publish: (message: object) => Promise<void>;
      readonly onTrouble: (error: unknown) => void;
    },
  ) {
    this.#types = new Map(options.types.map((type) => [type.type, type]));
    waiting.from(() => this.options.database.transaction(lookAt));
  }

  /** Publishes what was left there before, and goes on to look for it until it is stopped. */
  start(): void {
    this.nudge();
  }

  /** There is something to publish; a nudge in the process costs nothing, a notification from the database would. */
  nudge(): void {
    if (this.#passing) this.#nudgedAgain = true;
    else this.#passing = this.#run().finally(() => (this.#passing = undefined));
  }

  async stop(): Promise<void> {
    await this.#passing;
    clearTimeout(this.#nextLook);
  }

  async #run(): Promise<void> {
    clearTimeout(this.#nextLook);
    let waitMs: number;
    do {
      this.#nudgedAgain = false;
      waitMs = await this.#drain().then(
        () => lookMs,
        (error: unknown) => {
          this.options.onTrouble(error);
          return retryMs;
        },
      );
    } while (this.#nudgedAgain);
    this.#nextLook = setTimeout(() => this.nudge(), waitMs).unref();
  }

  /** Nearly always there is nothing: that takes one statement, and no transaction. */
  async #drain(): Promise<void> {
    if (!(await this.options.database.run(hasAny))) return;
    while ((await this.#pass()) === batchSize);
  }

  /** @returns how many it published. */
  #pass(): Promise<number> {
    return this.options.database.transaction(async (db) => {
      const { rows } = await sql<OutboxRow>`
        select id, message_type, body from outbox order by id limit ${batchSize} for update skip locked`.execute(
        db,
      );
      if (rows.length === 0) return 0;
      await Promise.all(rows.map((row) => this.options.publish(this.#revive(row))));
      await sql`delete from outbox where id = any(${rows.map((row) => row.id)}::bigint[])`.execute(db);
      return rows.length;
    });
  }

  #revive({ message_type, body }: OutboxRow): object {
    const type = this.#types.get(message_type);
    if (!type) throw new Error(`the outbox holds a ${message_type}, which this version does not know`);
    return Object.assign(new type(), JSON.parse(body));
  }
}
