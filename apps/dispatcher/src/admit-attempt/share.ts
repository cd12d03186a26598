/**
 * How many of a destination's attempts one process may have under way. Of the processes that a limit is divided among,
 * those that a hash of process and destination puts first get one more, so that the shares add up to the limit, and
 * each destination's remainder falls to others.
 *
 * A process that knows of more processes than there are takes less, never more: who comes or goes unnoticed for a
 * moment does not let the sum rise.
 */
export function shareOf(
  limit: number,
  destinationId: string,
  { self, processes }: { readonly self: string; readonly processes: ReadonlySet<string> },
): number {
  const count = processes.size;
  if (limit % count === 0) return limit / count;
  const own = weightOf(self, destinationId);
  let rank = 0;
  for (const other of processes) if (goesBefore(other, weightOf(other, destinationId), self, own)) rank++;
  return Math.floor(limit / count) + (rank < limit % count ? 1 : 0);
}

// oxlint-disable-next-line max-params -- two pairs
function goesBefore(other: string, weight: number, self: string, own: number): boolean {
  return weight < own || (weight === own && other < self);
}

/** FNV-1a, and murmur3's last steps: without them ids that begin alike would be in one order for all destinations. */
function weightOf(processId: string, destinationId: string): number {
  let hash = 0x811c9dc5;
  const text = `${destinationId}/${processId}`;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
