import { CircuitChanged } from '#libs/contracts';
import { AmqpClient, messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Database, OutboxRelay } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { LedgerTables } from '../ledger.tables.js';

/** Makes known which circuits have opened and closed. */
@Injectable()
export class CircuitAnnouncer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #relay: OutboxRelay;

  constructor(database: Database<LedgerTables>, client: AmqpClient, log: Log) {
    this.#relay = new OutboxRelay({
      database,
      types: [CircuitChanged],
      publish: (message) => client.confirm(message),
      onTrouble: (error) => log.warn('outbox.waiting', { reason: messageOf(error) }),
    });
  }

  onApplicationBootstrap(): void {
    this.#relay.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#relay.stop();
  }

  /** To be called once a change of a circuit may have been committed. */
  nudge(): void {
    this.#relay.nudge();
  }
}
