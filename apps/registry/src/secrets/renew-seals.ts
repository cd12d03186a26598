import { messageOf } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Vault } from '../confidential/vault.js';
import { Announcer } from '../destinations/announcer.js';
import { DestinationsRepository } from '../destinations/destinations.repository.js';

const perPage = 500;

/**
 * After a new master key was put in front: seals everything with it, and says when the old one is not needed any more.
 * The dispatchers get what is sealed anew as a change of its destination.
 */
@Injectable()
export class RenewSeals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #upkeep = new Upkeep({
    work: () => this.pass(),
    onTrouble: (error, retryInMs) =>
      this.log.warn('seals.not-renewed', { reason: messageOf(error), retryInMs }),
  });

  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly vault: Vault,
    private readonly announcer: Announcer,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    // Nobody waits for it: the old key still opens.
    void this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }

  /** What cannot be opened keeps nothing else from being renewed. */
  async pass(): Promise<void> {
    const { keyId } = this.vault;
    let renewed = 0;
    let failure: unknown;
    for (let after = ''; ;) {
      const page = await this.destinations.sealedOtherwise(keyId, after, perPage);
      for (const { tenantId, id } of page) {
        const renew = this.destinations.update(tenantId, id, (row) => this.vault.renew(row));
        await renew.then(
          () => renewed++,
          (error: unknown) => (failure = error),
        );
      }
      this.announcer.nudge();
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.id;
    }
    if (failure !== undefined) throw failure;
    if (renewed > 0) this.log.info('seals.renewed', { keyId, destinations: renewed });
  }
}
