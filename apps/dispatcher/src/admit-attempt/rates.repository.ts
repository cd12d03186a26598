import { Database, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { DispatcherTables } from '../dispatcher.tables.js';
import { together } from '../together.js';
import type { Slots } from './slots-of.js';

/** Whether an attempt may begin now, and else when there may be room. */
export type Turn = { readonly granted: true } | { readonly granted: false; readonly retryInMs: number };

const maxKept = 20_000;
/** No longer without looking: Postgres' clock may be set, and the row be lost with Postgres. */
const believedMs = 1000;

interface Taken {
  readonly everyMs: number;
  readonly untilMs: number;
  readonly believedUntilMs: number;
}

interface Question {
  readonly destinationId: string;
  readonly slots: Slots;
}

interface Answer {
  readonly destination_id: string;
  readonly granted: number;
  readonly retry_in_ms: number;
  readonly is_new: boolean;
}

const postgresNowMs = sql<number>`extract(epoch from clock_timestamp())::double precision * 1000`;

/**
 * One row for each destination with a rate, for all processes: when its next slot is, by Postgres' clock. A slot is
 * taken where its row is locked, so no two processes get the same.
 */
@Injectable()
export class RatesRepository {
  /** Until when Postgres need not be asked: a slot that is taken does not become free. */
  readonly #taken = new LRUCache<string, Taken>({ max: maxKept });
  readonly #ask = together((questions: readonly Question[]) => this.#takeAll(questions));

  constructor(private readonly database: Database<DispatcherTables>) {}

  /** @throws DatabaseUnavailableError */
  async take(destinationId: string, slots: Slots): Promise<Turn> {
    const nowMs = performance.now();
    const taken = this.#taken.get(destinationId);
    if (taken?.everyMs === slots.everyMs && nowMs < Math.min(taken.believedUntilMs, taken.untilMs)) {
      return { granted: false, retryInMs: Math.ceil(taken.untilMs - nowMs) };
    }
    const turn = await this.#ask({ destinationId, slots });
    if (!turn.granted) this.#remember(destinationId, slots, turn.retryInMs);
    return turn;
  }

  #remember(destinationId: string, { everyMs }: Slots, retryInMs: number): void {
    const nowMs = performance.now();
    this.#taken.set(destinationId, {
      everyMs,
      untilMs: nowMs + retryInMs,
      believedUntilMs: nowMs + believedMs,
    });
  }

  async #takeAll(questions: readonly Question[]): Promise<(question: Question) => Turn> {
    const asked = Map.groupBy(questions, ({ destinationId }) => destinationId);
    const answers = await this.#takeFor(asked);
    const fresh = new Map([...asked].filter(([id]) => answers.get(id)?.is_new ?? false));
    const later = fresh.size > 0 ? await this.#takeFor(fresh) : new Map<string, Answer>();
    const given = new Map<string, number>();
    return ({ destinationId }) => {
      const answer = later.get(destinationId) ?? answers.get(destinationId);
      const already = given.get(destinationId) ?? 0;
      given.set(destinationId, already + 1);
      if (already < (answer?.granted ?? 0)) return { granted: true };
      return { granted: false, retryInMs: Math.ceil(answer?.retry_in_ms ?? 0) };
    };
  }

  /** A row that is not there yet is only made, and gives nothing: whoever asks then asks again. */
  async #takeFor(asked: ReadonlyMap<string, readonly Question[]>): Promise<Map<string, Answer>> {
    const all = [...asked];
    const { rows } = await this.database.run((db) =>
      sql<Answer>`
        insert into rates as known (destination_id, every_ms, ahead_ms, asked, granted, next_slot_ms)
        select destination_id, every_ms, ahead_ms, asked, 0, 0
        from unnest(
          ${all.map(([id]) => id)}::text[],
          ${all.map(([, [first]]) => first?.slots.everyMs)}::double precision[],
          ${all.map(([, [first]]) => first?.slots.aheadMs)}::double precision[],
          ${all.map(([, questions]) => questions.length)}::integer[]
        ) as wanted (destination_id, every_ms, ahead_ms, asked)
        order by destination_id
        on conflict (destination_id) do update set
          (every_ms, ahead_ms, asked, granted, next_slot_ms) = (
            select excluded.every_ms, excluded.ahead_ms, excluded.asked, least(free, excluded.asked),
              slot_ms + least(free, excluded.asked) * excluded.every_ms
            from (${freeSlots}) as slots
          )
        returning destination_id, granted, next_slot_ms = 0 as is_new,
          greatest(0, next_slot_ms - ahead_ms - ${postgresNowMs}) as retry_in_ms`.execute(db),
    );
    return new Map(rows.map((row) => [row.destination_id, row]));
  }
}

/**
 * The next slot, and how many may be taken now. A slot further ahead than any can be taken is of a lower rate than the
 * present one, or of a clock that was set back.
 */
const freeSlots = sql`
  select slot_ms, greatest(0, floor((now_ms + excluded.ahead_ms - slot_ms) / excluded.every_ms) + 1)::integer as free
  from (
    select now_ms,
      least(greatest(known.next_slot_ms, now_ms), now_ms + excluded.ahead_ms + excluded.every_ms) as slot_ms
    from (select ${postgresNowMs} as now_ms offset 0) as clock
  ) as next`;
