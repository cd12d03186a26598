import type { QueueDefinition } from '#libs/contracts';
import { HandlerTimeoutError } from './errors.js';
import type { Incoming } from './queue-consumer.js';
import { readMessage } from './read-message.js';
import { withinDeadline } from './within-deadline.js';

/**
 * Gives a broadcast to its handler. One that cannot be read or handled is dropped: every process has a copy of its own,
 * and polls what the broadcast announces anyway.
 */
export class BroadcastProcessor {
  constructor(
    private readonly options: {
      readonly definition: QueueDefinition;
      readonly handler: (message: object, incoming: Incoming) => Promise<unknown>;
      readonly onDropped: (error: unknown) => void;
      readonly timeoutMs: number;
    },
  ) {}

  async process(incoming: Incoming): Promise<void> {
    const { definition, handler, onDropped, timeoutMs } = this.options;
    try {
      await withinDeadline(
        handler(readMessage(definition, incoming.message), incoming),
        timeoutMs,
        () => new HandlerTimeoutError(`the handler did not finish within ${timeoutMs / 1000} s`),
      );
    } catch (error) {
      onDropped(error);
    } finally {
      incoming.ack();
    }
  }
}
