import { DeliveryPostponed, EventRouted } from '#libs/contracts';
import { causedBy, OnBatch } from '#libs/messaging';
import { Database, DropErased } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { wakeLanes } from '../lanes/wake-lanes.js';
import type { LedgerTables } from '../ledger.tables.js';
import { DestinationsRepository } from '../project-destination/destinations.repository.js';
import { routingAgeMs, routingWaitMs } from '../record-wait.js';
import { EventsRepository } from '../record-event/events.repository.js';
import { markRepeated } from '../record-attempt/insert-attempts.js';
import { DeliveriesRepository, type ReportedDelivery, type Standing } from './deliveries.repository.js';
import { standingOfWaiting } from './standing-of-waiting.js';

/** Takes in what the router asked for, and what the dispatcher could not try. */
@Controller()
export class RecordWaitingHandler {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly deliveries: DeliveriesRepository,
    private readonly destinations: DestinationsRepository,
    private readonly events: EventsRepository,
  ) {}

  @OnBatch(EventRouted, { batchSize: 300, batchWaitMs: routingWaitMs, batchAgeMs: routingAgeMs })
  async recordRouting(@Payload(DropErased) events: EventRouted[]): Promise<void> {
    const routed = events.flatMap((event) =>
      event.deliveries.map((delivery) => ({
        ...delivery,
        delivery: causedBy(event, { ...event, ...delivery }),
      })),
    );
    const held = routed.filter((delivery) => delivery.held).map((delivery) => delivery.destinationId);
    await this.database.transaction(async (db) => {
      await this.events.markRouted(db, events);
      if (routed.length === 0) return;
      const known = held.length > 0 ? await this.destinations.lock(db, held) : undefined;
      const waiting = await this.deliveries.insertNew(
        db,
        routed.map(({ delivery, ...match }) => ({
          delivery,
          attemptCount: 0,
          ...(match.held
            ? standingOfWaiting(
                'destination_disabled',
                match.destinationVersion,
                known?.get(match.destinationId),
              )
            : { status: 'pending' as const, ...(match.waiting && { dueInMs: 0 }) }),
        })),
      );
      await wakeLanes(db, waiting);
    });
  }

  @OnBatch(DeliveryPostponed, { batchSize: 100 })
  async postpone(@Payload(DropErased) reports: DeliveryPostponed[]): Promise<void> {
    if (reports.length === 0) return;
    const last = new Map(reports.map((report) => [report.deliveryId, report]));
    await this.database.transaction(async (db) => {
      const known = await this.destinations.lock(
        db,
        reports.map((report) => report.destinationId),
      );
      const standings: Standing[] = [...last.values()].map((report) => ({
        delivery: report satisfies ReportedDelivery,
        attemptCount: report.attempt - 1,
        repeated: report.repeated,
        ...standingOfWaiting(
          report.reason,
          report.destinationVersion,
          known.get(report.destinationId),
          report.retryInMs,
        ),
      }));
      await wakeLanes(db, await this.deliveries.postpone(db, standings));
      await markRepeated(
        db,
        reports.flatMap((report) => (report.repeated ? [{ ...report, repeated: true }] : [])),
      );
    });
  }
}
