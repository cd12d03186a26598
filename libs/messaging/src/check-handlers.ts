import type { QueueDefinition } from '#libs/contracts';
import { HandlerMismatchError } from './errors.js';

/** @throws HandlerMismatchError if the app has a queue without a handler, or a handler without a queue. */
export function checkHandlers(
  app: string,
  queues: readonly QueueDefinition[],
  patterns: Iterable<string>,
): void {
  const handled = new Set(patterns);
  const queued = new Set(queues.map((queue) => queue.message.type));
  const faults = [
    ...queues
      .filter((queue) => !handled.has(queue.message.type))
      .map(
        (queue) =>
          `No handler for ${queue.name} (${queue.message.type}). Add one to ${app}'s module, or remove the queue from topology.ts.`,
      ),
    ...[...handled]
      .filter((pattern) => !queued.has(pattern))
      .map(
        (pattern) =>
          `No queue of ${app} takes ${pattern}. Add one to topology.ts, or remove the handler from ${app}'s module.`,
      ),
  ];
  if (faults.length > 0) throw new HandlerMismatchError(faults.join('\n'));
}
