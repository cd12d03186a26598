import type { Writable } from 'node:stream';

/**
 * Sends what is written to a socket in one turn of the event loop in one call of the system: amqplib writes each frame by
 * itself, also those of a message or a batch, and each costs as much as all of them together.
 */
export function gatherWrites(socket: Pick<Writable, 'write' | 'cork' | 'uncork'>): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  let isGathering = false;
  socket.write = (...args: unknown[]): boolean => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      process.nextTick(() => {
        isGathering = false;
        socket.uncork();
      });
    }
    return write(...args);
  };
}
