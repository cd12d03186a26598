import type { Place } from './reading.js';

/** Warns of a value that a field never has. */
export function warnOfValue(value: unknown, { path, kind, reading }: Place): void {
  if (isTextKind(kind) && typeof value !== 'string')
    reading.warn(path, `is never equal to a text, which ${fieldOf(path)} is`);
  if (typeof value === 'string' && isPattern(value, kind))
    reading.warn(
      path,
      'is compared as it is, and is no pattern: for one write {"wildcard": "…"}, or use eventTypes for types',
    );
}

/** Warns of a matcher that holds of nothing that a field can be. */
export function warnOfMatcher(
  { numeric, exists }: Readonly<Record<string, unknown>>,
  { path, kind, reading }: Place,
): void {
  if (isTextKind(kind) && numeric !== undefined)
    reading.warn(path, `holds of numbers only, and ${fieldOf(path)} is a text`);
  if (kind !== undefined && kind !== 'text' && exists === false)
    reading.warn(path, `never holds: every event has ${fieldOf(path)}, or nothing that a condition holds of`);
}

function isPattern(value: string, kind: Place['kind']): boolean {
  return value.includes('*') || (kind === 'type' && value.includes('#'));
}

function isTextKind(kind: Place['kind']): boolean {
  return kind === 'text' || kind === 'own' || kind === 'type';
}

/** The path without the index of the value in it. */
function fieldOf(path: string): string {
  return path.replace(/\[\d+\]$/, '');
}
