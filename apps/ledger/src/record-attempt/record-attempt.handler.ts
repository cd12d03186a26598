import { create, DeliveryAttempted, DeliveryFailed } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { AmqpClient, causedBy, OnBatch } from '#libs/messaging';
import { Database, DropErased } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { CircuitAnnouncer } from '../circuits/circuit-announcer.js';
import type { LedgerTables } from '../ledger.tables.js';
import { reportWaitMs } from '../record-wait.js';
import { addTallies } from '../stats/add-tallies.js';
import { AdvanceDeliveries } from './advance-deliveries.js';
import { insertAttempts } from './insert-attempts.js';
import { countRecorded } from './recording-metrics.js';

@Controller()
export class RecordAttemptHandler {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly deliveries: AdvanceDeliveries,
    private readonly announcer: CircuitAnnouncer,
    private readonly client: AmqpClient,
  ) {}

  @OnBatch(DeliveryAttempted, { batchSize: 200, batchWaitMs: reportWaitMs })
  async record(@Payload(DropErased) attempts: DeliveryAttempted[]): Promise<void> {
    failpoint('ledger.read');
    if (attempts.length === 0) return;
    const { news, givenUp } = await this.database.transaction(async (db) => {
      const unknown = await insertAttempts(db, attempts);
      const failed = await this.deliveries.advance(db, attempts, unknown);
      await addTallies(db, unknown);
      return { news: unknown, givenUp: failed };
    });
    failpoint('ledger.committed');
    countRecorded(news, givenUp);
    this.announcer.nudge();
    await this.client.confirmAll(givenUp.map((attempt) => causedBy(attempt, failureOf(attempt))));
  }
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
    ...(attempt.hops !== undefined && { hops: attempt.hops }),
    lastAttemptAt: attempt.startedAt,
  });
}
