/** JSON merge patch (RFC 7396): objects are merged member by member, null takes one away, all else takes the place of what was. */
export function mergePatch(before: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map<string, unknown>(isObject(before) ? Object.entries(before) : []);
  for (const [name, value] of Object.entries(patch) as [string, unknown][]) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  // Unlike an assignment, this makes a member of `__proto__` too.
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
