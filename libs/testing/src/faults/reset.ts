import type { Socket } from 'node:net';

/**
 * Ends a connection with a TCP reset. One that is already being ended in good order is only closed: Node's reset fails
 * on it with EINVAL, and leaves it open without ever saying `close`.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
