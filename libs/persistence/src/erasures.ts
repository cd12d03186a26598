import { tenantGeneration, tenantReference } from '#libs/contracts';
import type { QueryExecutorProvider, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Database } from './database.js';
import { giveWay } from './partitions.js';
import { Upkeep } from './upkeep.js';

/** How many rows of each kind were removed. */
export type Removed = Readonly<Record<string, number>>;

/** One erasure, as its service works on it. */
export interface ErasureRequest {
  readonly erasureId: string;
  /** The reference of the tenant. */
  readonly tenantId: string;
  /** When the tenant was deleted. */
  readonly requestedAt: string;
}

export interface ErasureProgress extends ErasureRequest {
  readonly removed: Removed;
  readonly done: boolean;
}

/** Removes a bounded number of rows in a transaction. @returns how many of each kind; 0 where there are none left. */
export type ErasureStep<Tables> = (db: Transaction<Tables>, request: ErasureRequest) => Promise<Removed>;

export interface ErasuresOptions<Tables> {
  readonly database: Database<Tables>;
  readonly steps: readonly ErasureStep<Tables>[];
  /** Only once all steps have found nothing after the grace time: what the steps find the rest by. */
  readonly lastSteps?: readonly ErasureStep<Tables>[];
  /** Must be repeatable: the same progress may be reported twice, and more than was committed. */
  readonly report: (progress: ErasureProgress) => Promise<void>;
  readonly onTrouble: (error: unknown) => void;
  /**
   * How long after the first pass the last one comes: longer than another process takes to drop messages of the tenant,
   * and longer than a transaction that began before may last.
   */
  readonly graceMs?: number;
}

const defaultGraceMs = 15_000;
const lookMs = 1000;
/** For so long messages of an erased tenant are dropped when they arrive. */
const dropped = sql`interval '30 days'`;

interface Row {
  readonly erasure_id: string;
  readonly tenant_id: string;
  readonly requested_at: Date;
  readonly removed: Removed;
  readonly passes: number;
}

export async function createErasures(db: QueryExecutorProvider): Promise<void> {
  await sql`
    create table erasures (
      erasure_id text primary key,
      tenant_id text not null,
      requested_at timestamptz not null,
      received_at timestamptz not null default now(),
      removed jsonb not null default '{}',
      passes integer not null default 0,
      due_at timestamptz default now()
    )`.execute(db);
  await sql`create unique index on erasures (tenant_id)`.execute(db);
  await sql`create index on erasures (due_at) where due_at is not null`.execute(db);
}

/**
 * A service's part in the erasure of deleted tenants: a job in its database, in bounded transactions, that several
 * processes share and that goes on after a restart. A first pass removes what is stored, a last one after a grace time
 * what was being stored meanwhile; in between every process begins to drop what arrives.
 */
export class Erasures<Tables> {
  #erased: ReadonlySet<string> = new Set();
  #isStopping = false;
  #hasTrouble = false;
  #starting: Promise<void> = Promise.resolve();
  readonly #upkeep: Upkeep;

  constructor(private readonly options: ErasuresOptions<Tables>) {
    this.#upkeep = new Upkeep({
      work: async () => {
        await this.pass();
        this.#hasTrouble = false;
      },
      intervalMs: lookMs,
      onTrouble: (error) => this.#note(error),
    });
  }

  /** Before the first message arrives. */
  async onModuleInit(): Promise<void> {
    await this.#load().catch((error: unknown) => this.#note(error));
  }

  onApplicationBootstrap(): void {
    this.#starting = this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    await this.#starting;
    await this.#upkeep.stop();
  }

  /** The same request again changes nothing. */
  async request({ erasureId, tenantId, requestedAt }: ErasureRequest): Promise<void> {
    await this.options.database.run((db) =>
      sql`
        insert into erasures (erasure_id, tenant_id, requested_at)
        values (${erasureId}, ${tenantId}, ${requestedAt}::timestamptz)
        on conflict do nothing`.execute(db),
    );
  }

  /** Leaves out what belongs to an erased tenant: it is neither stored nor acted upon. */
  without<Message extends { readonly tenantId: string }>(messages: Message[]): Message[] {
    if (this.#erased.size === 0) return messages;
    return messages.filter(({ tenantId }) => !this.#erased.has(tenantId));
  }

  has(tenantId: string): boolean {
    return this.#erased.has(tenantId);
  }

  /** The reference of the generation after the erased ones. */
  async nextReferenceOf(publicId: string): Promise<string> {
    const { rows } = await this.options.database.run((db) =>
      sql<{ tenant_id: string }>`
        select tenant_id from erasures
        where tenant_id = ${publicId} or starts_with(tenant_id, ${`${publicId}~`})`.execute(db),
    );
    const generations = rows.map((row) => tenantGeneration(row.tenant_id));
    return tenantReference(publicId, Math.max(0, ...generations) + 1);
  }

  /** Works on everything that is due. */
  async pass(): Promise<void> {
    await this.#load();
    while (!this.#isStopping && (await this.#advance()));
  }

  /** Of a series of troubles only the first is of interest. */
  #note(error: unknown): void {
    if (!this.#hasTrouble) this.options.onTrouble(error);
    this.#hasTrouble = true;
  }

  async #load(): Promise<void> {
    const { rows } = await this.options.database.run((db) =>
      sql<{ tenant_id: string }>`
        select tenant_id from erasures where received_at > now() - ${dropped}`.execute(db),
    );
    this.#erased = new Set(rows.map((row) => row.tenant_id));
  }

  /** One bounded transaction. @returns whether there may be more to do at once. */
  #advance(): Promise<boolean> {
    return this.options.database.transaction(async (db) => {
      await giveWay(db);
      const row = await take(db);
      if (!row) return false;
      const request = {
        erasureId: row.erasure_id,
        tenantId: row.tenant_id,
        requestedAt: row.requested_at.toISOString(),
      };
      const { steps, lastSteps = [], report, graceMs = defaultGraceMs } = this.options;
      const isLast = row.passes > 0;
      const found = await firstOf(db, request, isLast ? [...steps, ...lastSteps] : steps);
      const removed = sum(row.removed, found);
      const done = isLast && isNothing(found);
      await report({ ...request, removed, done });
      await note(db, row, { removed, endsPass: isNothing(found), done, graceMs });
      return true;
    });
  }
}

async function take(db: QueryExecutorProvider): Promise<Row | undefined> {
  const { rows } = await sql<Row>`
    select erasure_id, tenant_id, requested_at, removed, passes from erasures
    where due_at <= now() order by due_at limit 1 for update skip locked`.execute(db);
  return rows[0];
}

/** What the first step removes that finds something. */
async function firstOf<Tables>(
  db: Transaction<Tables>,
  request: ErasureRequest,
  steps: readonly ErasureStep<Tables>[],
): Promise<Removed> {
  for (const step of steps) {
    const removed = await step(db, request);
    if (!isNothing(removed)) return removed;
  }
  return {};
}

async function note(
  db: QueryExecutorProvider,
  { erasure_id }: Row,
  now: {
    readonly removed: Removed;
    readonly endsPass: boolean;
    readonly done: boolean;
    readonly graceMs: number;
  },
): Promise<void> {
  const next = now.endsPass ? sql`now() + ${now.graceMs} * interval '1 millisecond'` : sql`clock_timestamp()`;
  await sql`
    update erasures set removed = ${JSON.stringify(now.removed)}::jsonb,
      passes = passes + ${now.endsPass ? 1 : 0}::integer,
      due_at = ${now.done ? sql`null` : next}
    where erasure_id = ${erasure_id}`.execute(db);
}

function sum(before: Removed, found: Removed): Removed {
  const total: Record<string, number> = { ...before };
  for (const [name, count] of Object.entries(found)) total[name] = (total[name] ?? 0) + count;
  return total;
}

function isNothing(removed: Removed): boolean {
  return Object.values(removed).every((count) => count === 0);
}

interface Deletion {
  execute(): Promise<readonly { readonly numDeletedRows: bigint }[]>;
}

/** Runs deletions one after the other. @returns how many rows each removed, by its name. */
export async function countRemoved(deletions: Readonly<Record<string, Deletion>>): Promise<Removed> {
  const removed: Record<string, number> = {};
  for (const [name, deletion] of Object.entries(deletions)) {
    const [result] = await deletion.execute();
    removed[name] = Number(result?.numDeletedRows ?? 0);
  }
  return removed;
}
