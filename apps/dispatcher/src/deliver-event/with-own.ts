import type { Destination } from './destination.js';

/** Ours, then the destination's own, which never takes the place of one of ours. */
export function withOwn(
  ours: Readonly<Record<string, string>>,
  own: Destination['headers'],
): Record<string, string> {
  const taken = new Set(Object.keys(ours).map((name) => name.toLowerCase()));
  const free = own.filter(([name]) => !taken.has(name.toLowerCase()));
  // Unlike an assignment, this takes `__proto__` for a name like any other.
  return Object.fromEntries([
    ...Object.entries(ours),
    ...free.map(([name, value]): [string, string] => [name, value.reveal()]),
  ]);
}
