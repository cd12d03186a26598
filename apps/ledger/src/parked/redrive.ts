import type { Actor, ParkedMessage, ParkedSelection, Redriven } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Injectable } from '@nestjs/common';
import { ParkedRepository, type Selected } from './parked.repository.js';

/** One call puts back no more than this, so that it can be answered in time. */
const maxAtOnce = 1000;
/** Read at a time: bodies may be of 16 MiB, and no more than 64 MiB may wait for the broker at once. */
const batchLimit = { messages: 10, bytes: 32 * 1024 * 1024 };

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
  async redrive(selection: ParkedSelection, actor: Actor | undefined): Promise<Redriven> {
    const chosen = await this.parked.select(selection, maxAtOnce + 1);
    const went: boolean[] = [];
    for (const batch of batchesOf(chosen.slice(0, maxAtOnce)))
      went.push(...(await this.parked.take(batch, (message) => this.#putBack(message), actor)));
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

/** The ids of what is taken together. One that is larger than the limit is taken alone. */
function batchesOf(chosen: readonly Selected[]): string[][] {
  const batches: string[][] = [];
  let room = 0;
  for (const { id, bytes } of chosen) {
    const last = batches.at(-1);
    if (last !== undefined && last.length < batchLimit.messages && bytes <= room) last.push(id);
    else {
      batches.push([id]);
      room = batchLimit.bytes;
    }
    room -= bytes;
  }
  return batches;
}
