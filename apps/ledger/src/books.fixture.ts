import {
  create,
  DeliveryAttempted,
  deliveryId,
  DeliveryPostponed,
  type DeliveryRequested,
  EventAccepted,
  EventRepeated,
  EventRouted,
  type MatchedDestination,
  type MatchEvent,
  newId,
  type TenantErased,
} from '#libs/contracts';
import type { AmqpClient } from '#libs/messaging';
import type { Log } from '#libs/observability';
import { type Database, sql } from '#libs/persistence';
import { migratedDatabase } from '#libs/testing';
import { migrations } from '../migrations/index.js';
import type { CircuitAnnouncer } from './circuits/circuit-announcer.js';
import { CircuitsRepository } from './circuits/circuits.repository.js';
import { DeliveriesRepository } from './deliveries/deliveries.repository.js';
import { RecordWaitingHandler } from './deliveries/record-waiting.handler.js';
import { PayloadErasures } from './erase-payload/payload-erasures.js';
import { ErasedTenants } from './erase-tenant/erased-tenants.js';
import { AttemptsRepository } from './history/attempts.repository.js';
import { HistoryRepository } from './history/history.repository.js';
import { KeepPartitions } from './keep-partitions/keep-partitions.js';
import { LedgerConfig } from './ledger.config.js';
import type { LedgerTables } from './ledger.tables.js';
import { DestinationsRepository } from './project-destination/destinations.repository.js';
import { AdvanceDeliveries } from './record-attempt/advance-deliveries.js';
import { RecordAttemptHandler } from './record-attempt/record-attempt.handler.js';
import { EventsRepository } from './record-event/events.repository.js';
import { RecordEventHandler } from './record-event/record-event.handler.js';
import { LanesRepository } from './release-due/lanes.repository.js';
import { ReleaseDueRepository } from './release-due/release-due.repository.js';
import { ReplayStepsRepository } from './run-replays/replay-steps.repository.js';
import { ReplaysRepository } from './run-replays/replays.repository.js';
import { PublishedEventsRepository } from './send-again/published-events.repository.js';
import { ReplayOneEvent } from './send-again/replay-one-event.js';
import { RetryOneDelivery } from './send-again/retry-one-delivery.js';
import { SendAgainRepository } from './send-again/send-again.repository.js';
import { SendToRepository } from './send-again/send-to.repository.js';

export const dayMs = 86_400_000;

/** The ledger's handlers and readers over a database of their own. */
export class Books {
  readonly destinations: DestinationsRepository;
  readonly history: HistoryRepository;
  readonly attempts: AttemptsRepository;
  readonly due: ReleaseDueRepository;
  readonly again: SendAgainRepository;
  readonly replays: ReplaysRepository;
  readonly steps: ReplayStepsRepository;
  readonly deliveries: RetryOneDelivery;
  readonly events: ReplayOneEvent;
  readonly erased: ErasedTenants;
  readonly payloads: PayloadErasures;
  /** What was reported of erasures. */
  readonly reports: TenantErased[] = [];
  /** What the router would answer. */
  matches: (event: MatchEvent) => MatchedDestination[] = () => [];
  readonly logged: [string, object | undefined][] = [];
  readonly #events: RecordEventHandler;
  readonly #waiting: RecordWaitingHandler;
  readonly #recording: RecordAttemptHandler;

  private constructor(
    readonly database: Database<LedgerTables>,
    config: LedgerConfig,
    readonly close: () => Promise<void>,
  ) {
    this.destinations = new DestinationsRepository(database);
    this.history = new HistoryRepository(database);
    this.attempts = new AttemptsRepository(database);
    this.due = new ReleaseDueRepository(database, new LanesRepository(), config);
    this.erased = this.anotherErasing();
    this.payloads = new PayloadErasures(database, config, {} as Log);
    const events = new EventsRepository();
    const deliveries = new DeliveriesRepository();
    this.again = new SendAgainRepository(this.destinations);
    this.replays = new ReplaysRepository(database, config);
    this.steps = new ReplayStepsRepository(database, this.again);
    this.deliveries = new RetryOneDelivery(database, this.history, this.again);
    this.events = new ReplayOneEvent(
      new PublishedEventsRepository(database),
      { ask: (event: MatchEvent) => Promise.resolve(this.matches(event)) } as unknown as AmqpClient,
      new SendToRepository(database, deliveries, this.destinations, this.again),
    );
    this.#events = new RecordEventHandler(database, events);
    this.#waiting = new RecordWaitingHandler(database, deliveries, this.destinations, events);
    this.#recording = new RecordAttemptHandler(
      database,
      new AdvanceDeliveries(deliveries, this.destinations, new CircuitsRepository(config), config),
      { nudge: () => undefined } as CircuitAnnouncer,
      { confirmAll: () => Promise.resolve() } as unknown as AmqpClient,
    );
  }

  static async open(changes: Partial<LedgerConfig> = {}): Promise<Books> {
    const settings = { schema: 'ledger', migrations, statementTimeoutMs: 10_000 };
    const { database, drop } = await migratedDatabase<LedgerTables>(settings);
    return new Books(database, Object.assign(new LedgerConfig(), changes), drop);
  }

  /** As its queue would bring it. */
  async record(message: object): Promise<void> {
    const kept = this.erased.without([message as { tenantId: string }]) as object[];
    if (message instanceof EventAccepted) await this.#events.record(kept as EventAccepted[]);
    else if (message instanceof EventRepeated) await this.#events.recordRepeat(kept as EventRepeated[]);
    else if (message instanceof EventRouted) await this.#waiting.recordRouting(kept as EventRouted[]);
    else if (message instanceof DeliveryPostponed) await this.#waiting.postpone(kept as DeliveryPostponed[]);
    else if (message instanceof DeliveryAttempted) await this.recordAttempts(kept as DeliveryAttempted[]);
    else throw new Error(`the ledger does not record ${message.constructor.name}`);
  }

  /** Each kind as its queue would bring it, in one batch. */
  async recordAll(messages: readonly (EventAccepted | EventRouted)[]): Promise<void> {
    await this.#events.record(messages.filter((message) => message instanceof EventAccepted));
    await this.#waiting.recordRouting(messages.filter((message) => message instanceof EventRouted));
  }

  /** As its queue would bring them, in one batch. */
  async recordAttempts(attempts: DeliveryAttempted[]): Promise<void> {
    await this.#recording.record(attempts);
  }

  /** As another process of the ledger would do it. */
  anotherErasing(): ErasedTenants {
    const client = { confirm: async (report: TenantErased) => void this.reports.push(report) };
    const log = { info: () => undefined } as unknown as Log;
    return new ErasedTenants(this.database, client as unknown as AmqpClient, log);
  }

  /** One hour's upkeep. */
  async keepPartitions(): Promise<void> {
    const note = (name: string, fields?: object): void => void this.logged.push([name, fields]);
    const log = { info: note, warn: note } as unknown as Log;
    const keeping = new KeepPartitions(this.database, new LedgerConfig(), log);
    await keeping.onModuleInit();
    await keeping.beforeApplicationShutdown();
  }

  /** Makes everything due, and takes it. */
  async release(): Promise<DeliveryRequested[]> {
    await this.database.run((db) =>
      db
        .updateTable('deliveries')
        .set({ due_at: new Date(0) })
        .where('due_at', 'is not', null)
        .execute(),
    );
    await this.wake();
    return this.pass();
  }

  /** Has every lane looked at by the next pass. */
  async wake(): Promise<void> {
    await this.database.run((db) =>
      db
        .updateTable('lanes')
        .set({ due_at: new Date(0) })
        .execute(),
    );
  }

  /** Everything that waits, waits so much less. */
  async later(ms: number): Promise<void> {
    const moved = (column: string) => sql<Date>`${sql.ref(column)} - ${ms} * interval '1 millisecond'`;
    await this.database.transaction(async (db) => {
      await db
        .updateTable('lanes')
        .set({ due_at: moved('due_at'), not_before: moved('not_before') })
        .execute();
      await db
        .updateTable('deliveries')
        .set({ due_at: moved('due_at') })
        .execute();
    });
  }

  /** What one pass takes of what is due now. */
  async pass(): Promise<DeliveryRequested[]> {
    const released: DeliveryRequested[] = [];
    await this.due.release(async (requests) => void released.push(...requests));
    return released;
  }
}

/** One acceptance of an event of tenant `t`, and the messages that follow from it. */
export class Acceptance {
  readonly accepted: EventAccepted;
  readonly #destinationId: string;

  constructor(
    eventId: string,
    options: Partial<{
      daysAgo: number;
      at: Date;
      payload: string;
      tenantId: string;
      destinationId: string;
      eventType: string;
    }> = {},
  ) {
    this.#destinationId = options.destinationId ?? 'dst_1';
    const at = options.at ?? new Date(Date.now() - (options.daysAgo ?? 0) * dayMs);
    this.accepted = create(EventAccepted, {
      tenantId: options.tenantId ?? 't',
      eventId,
      eventType: options.eventType ?? 'a.b',
      timestamp: at.toISOString(),
      acceptanceId: newId('acc'),
      acceptedAt: at.toISOString(),
      source: 'http',
      body: Buffer.from(options.payload ?? '1'),
    });
  }

  get deliveryId(): string {
    return deliveryId(this.accepted, this.#destinationId);
  }

  get repeated(): EventRepeated {
    const { tenantId, eventId, acceptanceId, acceptedAt } = this.accepted;
    return create(EventRepeated, { tenantId, eventId, acceptanceId, acceptedAt });
  }

  /** To its destination, which was enabled or disabled, or to nothing at all. */
  routed(to: 'enabled' | 'disabled' | 'nothing' = 'enabled'): EventRouted {
    const { tenantId, eventId, eventType, acceptanceId, acceptedAt } = this.accepted;
    const match = { deliveryId: this.deliveryId, destinationId: this.#destinationId, destinationVersion: 1 };
    const deliveries = to === 'nothing' ? [] : [{ ...match, held: to === 'disabled' }];
    return create(EventRouted, { tenantId, eventId, eventType, acceptanceId, acceptedAt, deliveries });
  }

  /** @param answer the status code, or why there was none. */
  attempted(attempt: number, answer: number | 'unreachable' | 'blocked'): DeliveryAttempted {
    const { tenantId, eventId, eventType, acceptedAt } = this.accepted;
    return create(DeliveryAttempted, {
      tenantId,
      eventId,
      eventType,
      acceptedAt,
      deliveryId: this.deliveryId,
      destinationId: this.#destinationId,
      destinationVersion: 1,
      repeated: false,
      attempt,
      ...(typeof answer === 'string'
        ? { result: answer }
        : { result: answer < 300 ? ('delivered' as const) : ('refused' as const), statusCode: answer }),
      startedAt: new Date().toISOString(),
      durationMs: 5,
      body: Buffer.from('answer'),
    });
  }

  get postponed(): DeliveryPostponed {
    return this.postponedFor({ reason: 'destination_unknown', destinationVersion: 0 });
  }

  postponedFor(changes: Pick<DeliveryPostponed, 'reason'> & Partial<DeliveryPostponed>): DeliveryPostponed {
    const { tenantId, eventId, eventType, acceptedAt } = this.accepted;
    return create(DeliveryPostponed, {
      tenantId,
      eventId,
      eventType,
      acceptedAt,
      deliveryId: this.deliveryId,
      destinationId: this.#destinationId,
      destinationVersion: 1,
      attempt: 1,
      ...changes,
    });
  }
}
