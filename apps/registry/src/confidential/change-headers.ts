import { type DestinationHeader, type FieldError, Problem } from '#libs/contracts';
import { headerLimits, isSensitive, judgeHeader } from './judge-header.js';

/** In place of a value that is not shown; given back unchanged, the value stays. */
export const mask = '***';

/** How a value is kept, and how long one is that is kept already. */
export interface HeaderSeal {
  seal(name: string, value: string): string;
  open(header: DestinationHeader): string;
}

/**
 * JSON merge patch, header by header: null takes one away. Names are the same in upper and lower case; the newest
 * spelling is kept.
 * @throws Problem `header_not_allowed` or `validation_failed` that names each header.
 */
export function changeHeaders(
  before: readonly DestinationHeader[],
  patch: object | null,
  seal: HeaderSeal,
): DestinationHeader[] {
  if (patch === null) return [];
  const kept = new Map(before.map((header) => [header.name.toLowerCase(), header]));
  const faults = new Faults();
  const seen = new Set<string>();
  for (const [name, value] of Object.entries(patch) as [string, unknown][]) {
    const key = name.toLowerCase();
    if (seen.has(key)) faults.add(name, { code: 'validation_failed', message: 'is there twice' });
    seen.add(key);
    if (value === null) kept.delete(key);
    else faults.add(name, judgeHeader(name, value) ?? put(kept, { name, value: value as string }, seal));
  }
  faults.throwAny();
  const headers = [...kept.values()];
  checkSize(headers, seal);
  return headers;
}

/** What the API shows. */
export function shownHeaders(headers: readonly DestinationHeader[]): Record<string, string> {
  return Object.fromEntries(headers.map(({ name, value = mask }) => [name, value]));
}

function put(
  kept: Map<string, DestinationHeader>,
  { name, value }: { name: string; value: string },
  seal: HeaderSeal,
) {
  const key = name.toLowerCase();
  if (!isSensitive(name)) {
    kept.set(key, { name, value });
    return undefined;
  }
  if (value !== mask) {
    kept.set(key, { name, sealed: seal.seal(name, value) });
    return undefined;
  }
  const known = kept.get(key);
  if (known) kept.set(key, { ...known, name });
  return known
    ? undefined
    : ({ code: 'validation_failed', message: `has no value yet that ${mask} could stand for` } as const);
}

function checkSize(headers: readonly DestinationHeader[], seal: HeaderSeal): void {
  const { count, totalBytes } = headerLimits;
  const bytes = headers.reduce((sum, header) => sum + header.name.length + seal.open(header).length, 0);
  if (headers.length <= count && bytes <= totalBytes) return;
  throw new Problem('validation_failed', 'There are too many headers.', [
    { path: 'headers', message: `must be at most ${count}, and ${totalBytes} bytes in all` },
  ]);
}

class Faults {
  readonly #errors: FieldError[] = [];
  #code: ReturnType<typeof codeOf>;

  add(name: string, fault: ReturnType<typeof judgeHeader>): void {
    if (!fault) return;
    this.#code = this.#code === 'header_not_allowed' ? this.#code : codeOf(fault);
    if (this.#errors.length < headerLimits.count)
      this.#errors.push({
        path: `headers.${name.slice(0, headerLimits.nameLength)}`,
        message: fault.message,
      });
  }

  throwAny(): void {
    if (!this.#code) return;
    throw new Problem(this.#code, 'These headers cannot be sent.', this.#errors);
  }
}

function codeOf(fault: ReturnType<typeof judgeHeader>) {
  return fault?.code;
}
