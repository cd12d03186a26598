import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Sealer } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { DispatcherTables } from '../dispatcher.tables.js';
import { together } from '../together.js';
import type { Destination } from './destination.js';
import { openDestination, type Opened, signingAt, unopened } from './open-destination.js';

/** Two thirds of a change's 100 ms: how long what is in memory is taken for true. */
const freshMs = 60;
const maxKept = 20_000;
const behindDeadlineMs = 2000;
const behindPollMs = 20;

type Row = Awaited<ReturnType<typeof readDestinations>>[number];

interface Kept {
  readonly opened: Opened;
  readonly destination: Destination;
  readonly readAtMs: number;
}

/** Where to send, and with which key: this service's own copy of the destinations. */
@Injectable()
export class DirectoryRepository {
  readonly #kept = new LRUCache<string, Kept>({ max: maxKept });
  readonly #read = together((destinationIds: readonly string[]) => this.#readAll(destinationIds));

  constructor(
    private readonly database: Database<DispatcherTables>,
    private readonly sealer: Sealer,
    private readonly log: Log,
  ) {}

  /**
   * The destination as of `version` or later. Whoever asks may have heard of a change before this service did, and
   * then waits for it.
   * @returns undefined if the change did not arrive within two seconds.
   */
  async find(destinationId: string, version: number): Promise<Destination | undefined> {
    const deadlineMs = Date.now() + behindDeadlineMs;
    for (;;) {
      const kept = this.#kept.get(destinationId);
      if (!kept || Date.now() - kept.readAtMs >= freshMs) await this.#read(destinationId);
      const destination = this.#kept.get(destinationId)?.destination;
      if (destination && destination.version >= version) return destination;
      if (Date.now() >= deadlineMs) return undefined;
      this.#kept.delete(destinationId);
      await delay(behindPollMs);
    }
  }

  async #readAll(destinationIds: readonly string[]): Promise<() => void> {
    const rows = await this.database.run((db) => readDestinations(db, [...new Set(destinationIds)]));
    for (const row of rows) this.#keep(row);
    return () => undefined;
  }

  /** One destination that cannot be read must not stop those that are read with it. */
  #open(row: Row): Opened {
    try {
      return openDestination(row, this.sealer);
    } catch (error) {
      this.log.error('destination.unreadable', {
        tenantId: row.tenant_id,
        destinationId: row.destination_id,
        reason: messageOf(error),
      });
      return unopened(row);
    }
  }

  #keep(row: Row): void {
    const known = this.#kept.peek(row.destination_id)?.opened;
    // Opening what is sealed costs most of this.
    const opened = known?.version === row.version ? known : this.#open(row);
    const circuit = { version: row.circuit_version ?? 0, isOpen: row.circuit_open ?? false };
    const secrets = signingAt(opened, row.now.getTime());
    const destination = { ...opened, circuit, secrets };
    this.#kept.set(row.destination_id, { opened, destination, readAtMs: Date.now() });
  }
}

function readDestinations(db: Kysely<DispatcherTables>, destinationIds: readonly string[]) {
  return db
    .selectFrom('destinations')
    .leftJoin('circuits', 'circuits.destination_id', 'destinations.destination_id')
    .selectAll('destinations')
    .select(['circuits.version as circuit_version', 'circuits.open as circuit_open'])
    .select(sql<Date>`clock_timestamp()`.as('now'))
    .where('destinations.destination_id', 'in', destinationIds)
    .execute();
}
