import type { ParkedMessage, ParkedSelection, Redriven } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Injectable } from '@nestjs/common';
import { ParkedRepository } from './parked.repository.js';

/** One call puts back no more than this, so that it can be answered in time. */
const maxAtOnce = 1000;
/** Bodies may be of 16 MiB: no more of them are read at a time. */
const batchSize = 10;

@Injectable()
export class Redrive {
  constructor(
    private readonly parked: ParkedRepository,
    private readonly client: AmqpClient,
    private readonly log: Log,
  ) {}

  /**
   * Puts messages back, and forgets them once the broker has confirmed; after a crash in between they are put back
   * twice. Chosen once at the start: what is parked again meanwhile is not put back again.
   */
  async redrive(selection: ParkedSelection): Promise<Redriven> {
    const chosen = await this.parked.select(selection, maxAtOnce + 1);
    const ids = chosen.slice(0, maxAtOnce);
    const went: boolean[] = [];
    for (let start = 0; start < ids.length; start += batchSize) {
      const batch = ids.slice(start, start + batchSize);
      went.push(...(await this.parked.take(batch, (message) => this.#putBack(message))));
    }
    const redriven = went.filter(Boolean).length;
    const result = { redriven, failed: went.length - redriven, hasMore: chosen.length > maxAtOnce };
    this.log.info('parked.redriven', { queue: selection.queue, ...result });
    return result;
  }

  async #putBack(message: ParkedMessage): Promise<boolean> {
    const reason = await this.client.putBack(message);
    if (reason === undefined) return true;
    this.log.warn('parked.kept', { id: message.id, queue: message.queue, reason });
    return false;
  }
}
