/**
 * Shares `size` places between owners who want more than that together: who wants less than an equal part has all of it,
 * and the others have equal parts of the rest (max-min fairness). Where there are more owners than places, some have none;
 * the first in `wanted` has one.
 */
export function fairShares<Owner>(wanted: ReadonlyMap<Owner, number>, size: number): Map<Owner, number> {
  const shares = new Map<Owner, number>();
  let [left, owners] = [size, wanted.size];
  const [first] = wanted.keys();
  const fewestFirst = [...wanted].toSorted(([, one], [, other]) => one - other);
  if (owners > size) fewestFirst.sort(([one], [other]) => Number(other === first) - Number(one === first));
  for (const [owner, count] of fewestFirst) {
    const share = Math.min(count, Math.ceil(left / owners));
    shares.set(owner, share);
    left -= share;
    owners--;
  }
  return shares;
}
