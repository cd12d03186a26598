import type { Budget } from './budget.js';
import { ExactNumber } from './exact-json.js';

/** One text for all JSON values that are equal: whatever the order of their names, and however numbers are written. */
export function canonicalText(value: unknown): string {
  if (value instanceof ExactNumber) {
    const { isNegative, digits, exponent } = value.decimal;
    return `${isNegative ? '-' : '+'}${digits}e${exponent}`;
  }
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join()}}`;
  }
  return JSON.stringify(value);
}

/** Takes time in proportion to what the items are written as. */
export function areUnique(items: readonly unknown[], budget: Budget): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    const text = canonicalText(item);
    budget.spend(1 + text.length / 8);
    if (seen.has(text)) return false;
    seen.add(text);
  }
  return true;
}
