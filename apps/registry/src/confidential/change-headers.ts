import { type DestinationHeader, type FieldError, Problem } from '#libs/contracts';
import { sealedTextBytes } from '#libs/sealing';
import { headerLimits, judgeHeader } from './judge-header.js';

/** Shown in place of each value. A caller that sends it back keeps the value. */
export const mask = '***';

/** How a value is sealed, and read back to measure it. */
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

/**
 * The same for a destination whose present values must not be kept.
 * @returns the headers that the patch gives, and the names of those that the patch neither gives nor takes away.
 * @throws Problem as `changeHeaders` does.
 */
export function replaceHeaders(
  before: readonly DestinationHeader[],
  patch: object | null,
  seal: HeaderSeal,
): { headers: DestinationHeader[]; dropped: string[] } {
  const known = new Set(before.map(({ name }) => name.toLowerCase()));
  const given = Object.entries(patch ?? {}).filter(
    ([name, value]) => value !== mask || !known.has(name.toLowerCase()),
  );
  const named = new Set(given.map(([name]) => name.toLowerCase()));
  const headers = changeHeaders([], Object.fromEntries(given), seal);
  const dropped = before.filter(({ name }) => patch !== null && !named.has(name.toLowerCase()));
  return { headers, dropped: dropped.map(({ name }) => name) };
}

/** The headers as the API shows them: names, masks, lengths. */
export function shownHeaders(headers: readonly DestinationHeader[]): {
  headers: Record<string, string>;
  headerBytes: Record<string, number>;
} {
  return {
    headers: Object.fromEntries(headers.map(({ name }) => [name, mask])),
    headerBytes: Object.fromEntries(headers.map((header) => [header.name, bytesOf(header)])),
  };
}

function bytesOf({ value = '', sealed }: DestinationHeader): number {
  return sealed === undefined ? Buffer.byteLength(value) : sealedTextBytes(sealed);
}

function put(
  kept: Map<string, DestinationHeader>,
  { name, value }: { name: string; value: string },
  seal: HeaderSeal,
) {
  const key = name.toLowerCase();
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
