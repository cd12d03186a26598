import { AuditConfig, KeepAudit } from '#libs/audit';
import { loadConfig } from '#libs/config';
import { MessagingModule } from '#libs/messaging';
import { ObservabilityModule } from '#libs/observability';
import { Erasures, PersistenceModule } from '#libs/persistence';
import { Module } from '@nestjs/common';
import { migrations } from '../migrations/index.js';
import { ReadAuditHandler } from './audit/read-audit.handler.js';
import { CircuitAnnouncer } from './circuits/circuit-announcer.js';
import { CircuitsRepository } from './circuits/circuits.repository.js';
import { DeliveriesRepository } from './deliveries/deliveries.repository.js';
import { RecordWaitingHandler } from './deliveries/record-waiting.handler.js';
import { ErasePayloadHandler } from './erase-payload/erase-payload.handler.js';
import { PayloadErasures } from './erase-payload/payload-erasures.js';
import { ErasedTenants } from './erase-tenant/erased-tenants.js';
import { EraseTenantHandler } from './erase-tenant/erase-tenant.handler.js';
import { GetRecordedEventHandler } from './explain-event/get-recorded-event.handler.js';
import { RecordedEventRepository } from './explain-event/recorded-event.repository.js';
import { AttemptsRepository } from './history/attempts.repository.js';
import { HistoryRepository } from './history/history.repository.js';
import { ReadHistoryHandler } from './history/read-history.handler.js';
import { KeepPartitions } from './keep-partitions/keep-partitions.js';
import { LedgerConfig } from './ledger.config.js';
import { BoundParked } from './parked/bound-parked.js';
import { ParkedBoundsRepository } from './parked/bounds.repository.js';
import { CollectParkedHandler } from './parked/collect-parked.handler.js';
import { ManageParkedHandler } from './parked/manage-parked.handler.js';
import { ParkedRepository } from './parked/parked.repository.js';
import { Redrive } from './parked/redrive.js';
import { DestinationsRepository } from './project-destination/destinations.repository.js';
import { ProjectDestinationHandler } from './project-destination/project-destination.handler.js';
import { AdvanceDeliveries } from './record-attempt/advance-deliveries.js';
import { RecordAttemptHandler } from './record-attempt/record-attempt.handler.js';
import { EventsRepository } from './record-event/events.repository.js';
import { RecordEventHandler } from './record-event/record-event.handler.js';
import { LanesRepository } from './release-due/lanes.repository.js';
import { ReleaseDue } from './release-due/release-due.js';
import { ReleaseDueRepository } from './release-due/release-due.repository.js';
import { GetStatsHandler } from './stats/get-stats.handler.js';
import { StatsRepository } from './stats/stats.repository.js';
import { ShowStanding } from './show-standing/show-standing.js';
import { StandingRepository } from './show-standing/standing.repository.js';
import { ManageReplaysHandler } from './run-replays/manage-replays.handler.js';
import { ReplayStepsRepository } from './run-replays/replay-steps.repository.js';
import { ReplaysRepository } from './run-replays/replays.repository.js';
import { RunReplays } from './run-replays/run-replays.js';
import { PublishedEventsRepository } from './send-again/published-events.repository.js';
import { ReplayOneEvent } from './send-again/replay-one-event.js';
import { RetryOneDelivery } from './send-again/retry-one-delivery.js';
import { SendAgainHandler } from './send-again/send-again.handler.js';
import { SendAgainRepository } from './send-again/send-again.repository.js';
import { SendToRepository } from './send-again/send-to.repository.js';
import { SweepRepository } from './sweep/sweep.repository.js';
import { Sweeper } from './sweep/sweeper.js';

@Module({
  imports: [
    ObservabilityModule.forApp('ledger'),
    MessagingModule.forApp('ledger'),
    PersistenceModule.forSchema('ledger', migrations),
  ],
  controllers: [
    RecordEventHandler,
    RecordWaitingHandler,
    RecordAttemptHandler,
    ProjectDestinationHandler,
    ReadHistoryHandler,
    SendAgainHandler,
    ManageReplaysHandler,
    CollectParkedHandler,
    ManageParkedHandler,
    GetStatsHandler,
    GetRecordedEventHandler,
    EraseTenantHandler,
    ErasePayloadHandler,
    ReadAuditHandler,
  ],
  providers: [
    { provide: LedgerConfig, useFactory: () => loadConfig(LedgerConfig) },
    { provide: AuditConfig, useFactory: () => loadConfig(AuditConfig) },
    KeepAudit,
    AdvanceDeliveries,
    AttemptsRepository,
    BoundParked,
    CircuitAnnouncer,
    CircuitsRepository,
    DeliveriesRepository,
    DestinationsRepository,
    ErasedTenants,
    { provide: Erasures, useExisting: ErasedTenants },
    EventsRepository,
    HistoryRepository,
    KeepPartitions,
    LanesRepository,
    ParkedBoundsRepository,
    ParkedRepository,
    PayloadErasures,
    PublishedEventsRepository,
    RecordedEventRepository,
    Redrive,
    ReleaseDue,
    ReleaseDueRepository,
    ReplayOneEvent,
    ReplayStepsRepository,
    ReplaysRepository,
    RetryOneDelivery,
    RunReplays,
    SendAgainRepository,
    SendToRepository,
    StatsRepository,
    ShowStanding,
    StandingRepository,
    Sweeper,
    SweepRepository,
  ],
})
export class LedgerModule {}
