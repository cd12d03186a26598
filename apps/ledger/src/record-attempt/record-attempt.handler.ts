import { DeliveryAttempted } from '#libs/contracts';
import { OnBatch } from '#libs/messaging';
import { Database, type Kysely, sql } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { DeliveriesRepository } from '../deliveries/deliveries.repository.js';
import { LedgerConfig } from '../ledger.config.js';
import type { LedgerTables } from '../ledger.tables.js';
import { decide } from './decide.js';

@Controller()
export class RecordAttemptHandler {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly deliveries: DeliveriesRepository,
    private readonly config: LedgerConfig,
  ) {}

  @OnBatch(DeliveryAttempted, { batchSize: 200 })
  async record(@Payload() attempts: DeliveryAttempted[]): Promise<void> {
    const timetable = { scheduleMs: this.config.RETRY_SCHEDULE, jitter: this.config.RETRY_JITTER };
    const standings = lastOfEach(attempts).map((attempt) => ({
      delivery: attempt,
      attemptCount: attempt.attempt,
      ...decide(attempt, timetable),
    }));
    await this.database.transaction(async (db) => {
      await insertAttempts(db, attempts);
      await this.deliveries.advance(db, standings);
    });
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

async function insertAttempts(
  db: Kysely<LedgerTables>,
  attempts: readonly DeliveryAttempted[],
): Promise<void> {
  await sql`
    insert into attempts
      (delivery_id, attempt, accepted_at, result, status_code, error_class, started_at, duration_ms, response)
    select * from unnest(
      ${attempts.map((attempt) => attempt.deliveryId)}::text[],
      ${attempts.map((attempt) => attempt.attempt)}::integer[],
      ${attempts.map((attempt) => attempt.acceptedAt)}::timestamptz[],
      ${attempts.map((attempt) => attempt.result)}::text[],
      ${attempts.map((attempt) => attempt.statusCode ?? null)}::integer[],
      ${attempts.map((attempt) => attempt.errorClass ?? null)}::text[],
      ${attempts.map((attempt) => attempt.startedAt)}::timestamptz[],
      ${attempts.map((attempt) => attempt.durationMs)}::integer[],
      ${attempts.map((attempt) => attempt.body)}::bytea[]
    )
    on conflict do nothing`.execute(db);
}
