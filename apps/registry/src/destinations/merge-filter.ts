import { Problem } from '#libs/contracts';
import { readFilter } from '#libs/filter';
import { mergePatch } from './merge-patch.js';

/**
 * @returns null for one without conditions: every event passes it.
 * @throws Problem `validation_failed` saying what of the merged filter cannot be read.
 */
export function mergeFilter(before: object | null, patch: object | null): object | null {
  const filter = mergePatch(before, patch) as object | null;
  if (filter === null || Object.keys(filter).length === 0) return null;
  const read = readFilter(filter);
  if ('filter' in read) return filter;
  throw new Problem(
    'validation_failed',
    'The filter cannot be read.',
    read.faults.map(({ path, message }) => ({ path: path === '' ? 'filter' : `filter.${path}`, message })),
  );
}
