import { create, DeliveryAttempted, DeliveryFailed } from '#libs/contracts';
import { AmqpClient, OnBatch } from '#libs/messaging';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DeliveriesRepository, type Standing } from '../deliveries/deliveries.repository.js';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';
import { DestinationsRepository } from '../project-destination/destinations.repository.js';
import { decide } from './decide.js';
import { standingOfGone } from './standing-of-gone.js';

interface Decided {
  readonly attempt: DeliveryAttempted;
  readonly standing: Pick<Standing, 'status' | 'dueInMs'>;
}

@Controller()
export class RecordAttemptHandler {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly deliveries: DeliveriesRepository,
    private readonly destinations: DestinationsRepository,
    private readonly client: AmqpClient,
    private readonly config: LedgerConfig,
  ) {}

  @OnBatch(DeliveryAttempted, { batchSize: 200 })
  async record(@Payload() attempts: DeliveryAttempted[]): Promise<void> {
    const timetable = { scheduleMs: this.config.RETRY_SCHEDULE, jitter: this.config.RETRY_JITTER };
    const decided = lastOfEach(attempts).map((attempt) => ({
      attempt,
      standing: decide(attempt, timetable),
    }));
    const failed = await this.database.transaction(async (db) => {
      await insertAttempts(db, attempts);
      await this.deliveries.advance(db, await this.#standings(db, decided));
      const givenUp = decided.filter(({ standing }) => standing.status === 'failed');
      // By what is written and not by what was written just now: a crash before the publishing repeats both.
      const known = await this.deliveries.failedOf(
        db,
        givenUp.map(({ attempt }) => attempt),
      );
      return givenUp.filter(({ attempt }) => known.has(attempt.deliveryId));
    });
    await this.client.confirmAll(failed.map(({ attempt }) => failureOf(attempt)));
  }

  async #standings(db: Kysely<LedgerTables>, decided: readonly Decided[]): Promise<Standing[]> {
    const gone = decided.filter(({ standing }) => standing.status === 'held');
    const ids = gone.map(({ attempt }) => attempt.destinationId);
    const known = ids.length > 0 ? await this.destinations.lock(db, ids) : undefined;
    return decided.map(({ attempt, standing }) => ({
      delivery: attempt,
      attemptCount: attempt.attempt,
      ...(standing.status === 'held'
        ? standingOfGone(attempt.destinationVersion, known?.get(attempt.destinationId))
        : standing),
    }));
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

function failureOf(attempt: DeliveryAttempted): DeliveryFailed {
  return create(DeliveryFailed, {
    deliveryId: attempt.deliveryId,
    tenantId: attempt.tenantId,
    eventId: attempt.eventId,
    eventType: attempt.eventType,
    destinationId: attempt.destinationId,
    attempts: attempt.attempt,
    ...(attempt.statusCode !== undefined && { statusCode: attempt.statusCode }),
    ...(attempt.errorClass !== undefined && { errorClass: attempt.errorClass }),
    lastAttemptAt: attempt.startedAt,
  });
}

async function insertAttempts(
  db: Kysely<LedgerTables>,
  attempts: readonly DeliveryAttempted[],
): Promise<void> {
  await sql`
    insert into attempts
      (delivery_id, attempt, result, status_code, error_class, started_at, duration_ms, response)
    select * from unnest(
      ${attempts.map((attempt) => attempt.deliveryId)}::text[],
      ${attempts.map((attempt) => attempt.attempt)}::integer[],
      ${attempts.map((attempt) => attempt.result)}::text[],
      ${attempts.map((attempt) => attempt.statusCode ?? null)}::integer[],
      ${attempts.map((attempt) => attempt.errorClass ?? null)}::text[],
      ${attempts.map((attempt) => attempt.startedAt)}::timestamptz[],
      ${attempts.map((attempt) => attempt.durationMs)}::integer[],
      ${attempts.map((attempt) => attempt.body)}::bytea[]
    )
    on conflict do nothing`.execute(db);
}
