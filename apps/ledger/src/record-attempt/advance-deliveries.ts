import type { DeliveryAttempted } from '#libs/contracts';
import type { Kysely } from '#libs/persistence';
import { Injectable } from '@nestjs/common';
import { DeliveriesRepository, type Standing } from '../deliveries/deliveries.repository.js';
import type { LedgerTables } from '../ledger.tables.js';
import { DestinationsRepository } from '../project-destination/destinations.repository.js';
import { decide, type Timetable } from './decide.js';
import { standingOfGone } from './standing-of-gone.js';

/** Brings deliveries to where their last attempts put them. */
@Injectable()
export class AdvanceDeliveries {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly destinations: DestinationsRepository,
  ) {}

  /**
   * @returns the last attempts of those that are given up: by what is written, and not by what was written just now, so
   *   that it is the same when a crash repeats it.
   */
  async advance(
    db: Kysely<LedgerTables>,
    attempts: readonly DeliveryAttempted[],
    timetable: Timetable,
  ): Promise<DeliveryAttempted[]> {
    const decided = lastOfEach(attempts).map((attempt) => ({ attempt, ...decide(attempt, timetable) }));
    const gone = decided.filter(({ status }) => status === 'held').map(({ attempt }) => attempt);
    const known = await this.#lock(db, gone);
    const standings = decided.map(({ attempt, ...standing }): Standing => ({
      delivery: attempt,
      attemptCount: attempt.attempt,
      ...(standing.status === 'held'
        ? standingOfGone(attempt.destinationVersion, known.get(attempt.destinationId))
        : standing),
    }));
    await this.deliveries.advance(db, standings);
    const givenUp = decided.filter(({ status }) => status === 'failed').map(({ attempt }) => attempt);
    const failed = await this.deliveries.failedOf(db, givenUp);
    return givenUp.filter(({ deliveryId }) => failed.has(deliveryId));
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
