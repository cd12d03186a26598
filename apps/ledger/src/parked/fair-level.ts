/**
 * How much each of several owners may keep so that all of them together keep at most `total`: those that have less keep
 * all they have, and what is left is shared equally between the others.
 * @returns Infinity if together they have no more than `total`.
 */
export function fairLevel(sizes: readonly number[], total: number): number {
  const ascending = sizes.toSorted((one, other) => one - other);
  let left = total;
  for (const [index, size] of ascending.entries()) {
    const share = left / (ascending.length - index);
    if (size > share) return Math.max(0, Math.floor(share));
    left -= size;
  }
  return Infinity;
}
