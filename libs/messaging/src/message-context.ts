import { BaseRpcContext } from '@nestjs/microservices';
import type { Incoming } from './queue-consumer.js';

/** `@Ctx()`: what is known of the messages in hand beside their content, in the order of the payload. */
export class MessageContext extends BaseRpcContext<[readonly Incoming[]]> {
  constructor(incoming: readonly Incoming[]) {
    super([incoming]);
  }

  get queue(): string {
    return this.getArgByIndex(0)[0]?.queue ?? '';
  }

  /** True for a message that the broker has given out before: its handler may have run, wholly or in part. */
  isRedelivered(index = 0): boolean {
    return this.getArgByIndex(0)[index]?.message.fields.redelivered ?? false;
  }
}
