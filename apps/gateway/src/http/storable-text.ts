import { type FieldError, Problem } from '#libs/contracts';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';

const message = 'must not contain U+0000 or half of a surrogate pair';

/**
 * Where in a value there is text that Postgres cannot keep: it has no U+0000, and its text is Unicode.
 * @returns the paths, `metadata.colour`; names of members count, too.
 */
export function unstorableText(value: unknown, path = ''): FieldError[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ path, message }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    const inside = Array.isArray(value) ? `${path}[${name}]` : [path, name].filter(Boolean).join('.');
    return isStorable(name) ? unstorableText(member, inside) : [{ path, message }];
  });
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
