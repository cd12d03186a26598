import { Database, sql } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';
import { fairLevel } from './fair-level.js';

/** Deleted by one statement: bodies may be of 16 MiB, most are small. */
const batchSize = 1000;

export interface Removed {
  readonly messages: number;
  readonly bytes: number;
}

interface Owner {
  readonly queue: string;
  readonly tenant_id: string | null;
  readonly bytes: number;
}

/** Deletes dead letters that are too old or too many. */
@Injectable()
export class ParkedBoundsRepository {
  constructor(private readonly database: Database<LedgerTables>) {}

  /** @returns how many bytes are kept. */
  async bytes(): Promise<number> {
    return sum((await this.#owners()).map(({ bytes }) => bytes));
  }

  async removeOlderThan(retentionMs: number): Promise<Removed> {
    return this.#inBatches(
      sql`
        select id from parked where parked_at < now() - ${retentionMs} * interval '1 millisecond'
        order by parked_at limit ${batchSize}`,
    );
  }

  /**
   * Deletes the oldest until no more than `maxBytes` are kept. Queues share the room equally, and in each queue tenants do:
   * a flood takes from itself first.
   */
  async removeBeyond(maxBytes: number): Promise<Removed> {
    const owners = await this.#owners();
    const queues = [...Map.groupBy(owners, ({ queue }) => queue).values()];
    const perQueue = fairLevel(queues.map(bytesOf), maxBytes);
    let [messages, bytes] = [0, 0];
    for (const tenants of queues.filter((queue) => bytesOf(queue) > perQueue)) {
      const level = fairLevel(
        tenants.map((owner) => owner.bytes),
        perQueue,
      );
      for (const owner of tenants.filter((tenant) => tenant.bytes > level)) {
        const removed = await this.#removeOf(owner, level);
        [messages, bytes] = [messages + removed.messages, bytes + removed.bytes];
      }
    }
    return { messages, bytes };
  }

  /** The newest of an owner that fit are kept. */
  async #removeOf({ queue, tenant_id: tenantId }: Owner, level: number): Promise<Removed> {
    const own = sql`queue = ${queue} and ${tenantId === null ? sql`tenant_id is null` : sql`tenant_id = ${tenantId}`}`;
    const { rows } = await this.database.run((db) =>
      sql<{ id: string; at: string }>`
        select id, parked_at::text as at from (
          select id, parked_at, sum(size_bytes) over (order by parked_at desc, id desc) as newer_bytes
          from parked where ${own}
        ) as sized
        where newer_bytes > ${level} order by parked_at desc, id desc limit 1`.execute(db),
    );
    const [newest] = rows;
    if (newest === undefined) return { messages: 0, bytes: 0 };
    return this.#inBatches(
      sql`
        select id from parked where ${own} and (parked_at, id) <= (${newest.at}::timestamptz, ${newest.id})
        order by parked_at, id limit ${batchSize}`,
    );
  }

  /** Skips dead letters that another transaction has locked, to redrive or drop them. */
  async #inBatches(chosen: ReturnType<typeof sql>): Promise<Removed> {
    let [messages, bytes] = [0, 0];
    for (;;) {
      const { rows } = await this.database.run((db) =>
        sql<{ size_bytes: number }>`
          delete from parked where id in (
            select id from parked where id in (${chosen}) for update skip locked
          ) returning size_bytes`.execute(db),
      );
      messages += rows.length;
      bytes += sum(rows.map((row) => row.size_bytes));
      if (rows.length < batchSize) return { messages, bytes };
    }
  }

  async #owners(): Promise<Owner[]> {
    const { rows } = await this.database.run((db) =>
      sql<Owner>`
        select queue, tenant_id, sum(size_bytes)::double precision as bytes from parked
        group by queue, tenant_id`.execute(db),
    );
    return rows;
  }
}

function bytesOf(owners: readonly Owner[]): number {
  return sum(owners.map(({ bytes }) => bytes));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
