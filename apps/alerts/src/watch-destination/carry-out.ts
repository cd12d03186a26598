import { create, DisableDestination } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Injectable } from '@nestjs/common';
import { shownUrl } from '../operational-events/operational-event.js';
import { OperationalEvents } from '../operational-events/operational-events.js';
import type { Disable, Recover } from './decide.js';
import { HealthRepository, type Todo } from './health.repository.js';

/** Does what was decided, and may do it twice: the registry and the router know a repeat. */
@Injectable()
export class CarryOut {
  constructor(
    private readonly health: HealthRepository,
    private readonly client: AmqpClient,
    private readonly events: OperationalEvents,
    private readonly log: Log,
  ) {}

  /** @throws Problem `unavailable` while the registry is away. */
  async carryOut(todo: Todo): Promise<void> {
    const { decision } = todo;
    const isDisabled = decision.kind === 'disable' && (await this.#disable(todo, decision));
    if (decision.kind === 'recover') await this.#tellOfRecovery(todo, decision);
    await this.health.done(todo, isDisabled ? decision.ifVersion : undefined);
  }

  /** @returns whether the destination is disabled by this; it is not if it was changed since it was judged. */
  async #disable({ tenantId, destinationId, key }: Todo, decision: Disable): Promise<boolean> {
    const { ifVersion, reason, consecutiveFailures, failingSince, at } = decision;
    const reply = await this.client.ask(
      create(DisableDestination, { tenantId, destinationId, ifVersion, reason }),
    );
    this.log.warn('destination.disabling', { tenantId, destinationId, reason, disabled: reply.disabled });
    if (!reply.disabled) return false;
    const url = shownUrl(reply.url);
    await this.events.announce({
      type: 'destination.disabled',
      key: [destinationId, key],
      at,
      data: { tenantId, destinationId, url, reason, consecutiveFailures, failingSince },
    });
    return true;
  }

  async #tellOfRecovery({ tenantId, destinationId, url, key }: Todo, decision: Recover): Promise<void> {
    const { consecutiveFailures, wasDisabled, at } = decision;
    await this.events.announce({
      type: 'destination.recovered',
      key: [destinationId, key],
      at,
      data: {
        tenantId,
        destinationId,
        ...(url !== undefined && { url: shownUrl(url) }),
        consecutiveFailures,
        wasDisabled,
      },
    });
  }
}
