import {
  ApiKeyChanged,
  ApplyDestination,
  create,
  DestinationChanged,
  EventTypeChanged,
  TenantChanged,
  TenantErasureRequested,
} from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { AmqpClient, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, OutboxRelay } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { RegistryTables } from '../registry.tables.js';

const applyDeadlineMs = 1000;
const changesPerRequest = 200;

/** Makes a change known: to everyone through the outbox, and to the router before the caller gets its answer. */
@Injectable()
export class Announcer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #relay: OutboxRelay;

  constructor(
    database: Database<RegistryTables>,
    private readonly client: AmqpClient,
    private readonly log: Log,
  ) {
    this.#relay = new OutboxRelay({
      database,
      types: [DestinationChanged, TenantChanged, TenantErasureRequested, ApiKeyChanged, EventTypeChanged],
      publish: async (message) => {
        await client.confirm(message);
        failpoint('registry.relayed');
      },
      onTrouble: (error) => log.warn('outbox.waiting', { reason: messageOf(error) }),
    });
  }

  onApplicationBootstrap(): void {
    this.#relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#relay.stop();
  }

  nudge(): void {
    this.#relay.nudge();
  }

  /**
   * Resolves when the router goes by the changes. A router that is away, or a great many changes, do not hold the caller
   * up for longer than a second: the router reads the changes from its queue before it routes again.
   */
  async announce(changes: readonly DestinationChanged[]): Promise<void> {
    failpoint('registry.committed');
    this.nudge();
    const endsAtMs = performance.now() + applyDeadlineMs;
    try {
      for (let start = 0; start < changes.length; start += changesPerRequest) {
        const some = changes.slice(start, start + changesPerRequest);
        // RabbitMQ takes whole milliseconds only.
        const leftMs = Math.max(1, Math.ceil(endsAtMs - performance.now()));
        await this.client.ask(create(ApplyDestination, { changes: some }), leftMs);
      }
    } catch (error) {
      this.log.warn('router.behind', { reason: messageOf(error) });
    }
  }
}
