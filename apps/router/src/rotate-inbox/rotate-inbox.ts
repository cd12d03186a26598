import { messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { InboxRepository } from '../route-event/inbox.repository.js';

/** Begins the inbox's days and forgets the old ones. While it cannot, the present day just goes on. */
@Injectable()
export class RotateInbox implements OnModuleInit, BeforeApplicationShutdown {
  readonly #upkeep = new Upkeep({
    work: () => this.#rotate(),
    onTrouble: (error, retryInMs) =>
      this.log.warn('inbox.not-rotated', { reason: messageOf(error), retryInMs }),
  });

  constructor(
    private readonly inbox: InboxRepository,
    private readonly log: Log,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }

  async #rotate(): Promise<void> {
    const { begun, forgotten } = await this.inbox.rotate();
    if (begun.length + forgotten.length > 0) this.log.info('inbox.rotated', { begun, forgotten });
  }
}
