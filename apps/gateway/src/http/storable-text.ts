import { type FieldError, Problem, problemLimits } from '#libs/contracts';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';

const message = 'must not contain U+0000 or half of a surrogate pair';

/** Where a value is: the names of the members and the indexes that lead to it. */
interface Place {
  readonly parent: Place | undefined;
  readonly step: string | number;
}

/**
 * Where in a value there is text that Postgres cannot keep: it has no U+0000, and its text is Unicode. A path is put
 * together for a fault only, and the search ends with the last fault that a problem has room for.
 * @returns the paths, `metadata.colour`; names of members count, too.
 */
export function unstorableText(value: unknown): FieldError[] {
  const faults: FieldError[] = [];
  search(value, undefined, faults);
  return faults;
}

/** JSON that was read here is at most 64 levels deep. */
function search(value: unknown, place: Place | undefined, faults: FieldError[]): void {
  if (typeof value === 'string') checkText(value, place, faults);
  if (typeof value !== 'object' || value === null) return;
  for (const [step, member] of membersOf(value)) {
    if (faults.length >= problemLimits.errors) return;
    if (typeof step === 'number' || checkText(step, place, faults))
      search(member, { parent: place, step }, faults);
  }
}

/** With the name of each member, or the index of each item. */
function membersOf(value: object): Iterable<[string | number, unknown]> {
  return Array.isArray(value) ? value.entries() : Object.entries(value);
}

/** @returns whether it can be kept; if not, there is one fault more. */
function checkText(text: string, place: Place | undefined, faults: FieldError[]): boolean {
  const isGood = isStorable(text);
  if (!isGood) faults.push({ path: pathOf(place), message });
  return isGood;
}

function pathOf(place: Place | undefined): string {
  const steps: (string | number)[] = [];
  for (let at = place; at; at = at.parent) steps.unshift(at.step);
  return steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    return path === '' ? step : `${path}.${step}`;
  }, '');
}

/** Stands before every route: what cannot be stored cannot be found either. */
@Injectable()
export class StorableTextPipe implements PipeTransform {
  /** @throws Problem `not_found` for a part of the path, `invalid_query` for a parameter. */
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (type !== 'param' && type !== 'query') return value;
    const faults = unstorableText(value);
    if (faults.length === 0) return value;
    if (type === 'param') throw new Problem('not_found', 'There is nothing of this name.');
    throw new Problem('invalid_query', 'The query is not as it must be.', faults);
  }
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
