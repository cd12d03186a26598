import type { ParkedSelection, Redriven } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
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
  ) {}

  /**
   * Puts messages back, and forgets them once the broker has confirmed; after a crash in between they are put back
   * twice. Chosen once at the start: what is parked again meanwhile is not put back again.
   */
  async redrive(selection: ParkedSelection): Promise<Redriven> {
    const chosen = await this.parked.select(selection, maxAtOnce + 1);
    const ids = chosen.slice(0, maxAtOnce);
    let redriven = 0;
    for (let start = 0; start < ids.length; start += batchSize) {
      redriven += await this.parked.take(ids.slice(start, start + batchSize), (messages) =>
        this.client.putBackAll(messages),
      );
    }
    return { redriven, hasMore: chosen.length > maxAtOnce };
  }
}
