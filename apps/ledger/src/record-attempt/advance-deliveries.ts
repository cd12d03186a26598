import type { DeliveryAttempted } from '#libs/contracts';
import type { Kysely } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { DeliveriesRepository, type Standing } from '../deliveries/deliveries.repository.js';
import { CircuitsRepository } from '../circuits/circuits.repository.js';
import { wakeLanes } from '../lanes/wake-lanes.js';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';
import { DestinationsRepository } from '../project-destination/destinations.repository.js';
import { decide, type Timetable } from './decide.js';
import { pausesOf } from './pauses-of.js';
import { standingOfGone } from './standing-of-gone.js';

/** Brings deliveries to where their last attempts put them, with the lanes and circuits of their destinations. */
@Injectable()
export class AdvanceDeliveries {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly destinations: DestinationsRepository,
    private readonly circuits: CircuitsRepository,
    private readonly config: LedgerConfig,
  ) {}

  /**
   * @param news those of the attempts that were not known: the others have been counted.
   * @returns the last attempts of those that are given up: by what is written, and not by what was written just now, so
   *   that it is the same when a crash repeats it.
   */
  async advance(
    db: Kysely<LedgerTables>,
    attempts: readonly DeliveryAttempted[],
    news: readonly DeliveryAttempted[],
  ): Promise<DeliveryAttempted[]> {
    const standings = await this.#standings(db, attempts);
    const waiting = await this.deliveries.advance(
      db,
      standings.map(({ attempt, ...standing }) => ({ ...standing, delivery: attempt })),
    );
    const turned = await this.circuits.count(db, news);
    const givenUp = standings.filter(({ status }) => status === 'failed').map(({ attempt }) => attempt);
    const failed = await this.deliveries.failedOf(db, givenUp);
    await wakeLanes(db, [...waiting, ...turned, ...pausesOf(news)]);
    return givenUp.filter(({ deliveryId }) => failed.has(deliveryId));
  }

  async #standings(
    db: Kysely<LedgerTables>,
    attempts: readonly DeliveryAttempted[],
  ): Promise<(Omit<Standing, 'delivery'> & { attempt: DeliveryAttempted })[]> {
    const last = lastOfEach(attempts);
    const timetableOf = await this.#timetables(db, last);
    const decided = last.map((attempt) => ({ attempt, ...decide(attempt, timetableOf(attempt)) }));
    const gone = decided.filter(({ status }) => status === 'held').map(({ attempt }) => attempt);
    const known = await this.#lock(db, gone);
    return decided.map(({ attempt, ...standing }) => ({
      attempt,
      attemptCount: attempt.attempt,
      ...(standing.status === 'held'
        ? standingOfGone(attempt.destinationVersion, known.get(attempt.destinationId))
        : standing),
    }));
  }

  /** A destination's own schedule where it has one, and what it is counted from: asked for only if something failed. */
  async #timetables(
    db: Kysely<LedgerTables>,
    attempts: readonly DeliveryAttempted[],
  ): Promise<(attempt: DeliveryAttempted) => Timetable> {
    const { RETRY_SCHEDULE: scheduleMs, RETRY_JITTER: jitter } = this.config;
    const failed = attempts.filter(({ result }) => result !== 'delivered');
    const ids = failed.map(({ destinationId }) => destinationId);
    if (failed.length === 0) return () => ({ scheduleMs, jitter, start: 0 });
    const schedules = await this.destinations.schedules(db, ids);
    const starts = await this.deliveries.scheduleStarts(db, failed);
    return ({ destinationId, deliveryId }) => ({
      scheduleMs: schedules.get(destinationId) ?? scheduleMs,
      jitter,
      start: starts.get(deliveryId) ?? 0,
    });
  }

  async #lock(
    db: Kysely<LedgerTables>,
    gone: readonly DeliveryAttempted[],
  ): ReturnType<DestinationsRepository['lock']> {
    if (gone.length === 0) return new Map();
    return this.destinations.lock(
      db,
      gone.map(({ destinationId }) => destinationId),
    );
  }
}

/** One row cannot be written twice by one statement. */
function lastOfEach(attempts: readonly DeliveryAttempted[]): DeliveryAttempted[] {
  const last = new Map<string, DeliveryAttempted>();
  for (const attempt of attempts) {
    const known = last.get(attempt.deliveryId);
    if (!known || known.attempt < attempt.attempt) last.set(attempt.deliveryId, attempt);
  }
  return [...last.values()];
}
