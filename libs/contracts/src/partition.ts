/** How many queues the dispatcher's work is split into. Changing it needs a drain: see docs/adr/0004. */
export const deliveryPartitions = 8;

/** FNV-1a over the destination's id: all work for one destination goes through one queue. */
export function partitionOf(destinationId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < destinationId.length; index++) {
    hash = Math.imul(hash ^ destinationId.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % deliveryPartitions;
}
