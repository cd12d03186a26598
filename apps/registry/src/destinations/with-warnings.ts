import type { Destination, Warning } from '#libs/contracts';
import { readFilter } from '#libs/filter';

/** As a change answers it: with what the change did beside what was asked, and with what of its filter never matches. */
export function withWarnings(destination: Destination, ofChange: readonly Warning[]): Destination {
  const warnings = [...ofChange, ...warningsOf(destination.filter)];
  return { ...destination, ...(warnings.length > 0 && { warnings }) };
}

function warningsOf(filter: object | null): Warning[] {
  const read = readFilter(filter ?? {});
  if ('faults' in read) return [];
  return read.warnings.map(({ path, message }) => ({ path: `filter.${path}`, message }));
}
