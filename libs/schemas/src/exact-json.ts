import { type Decimal, decimalOf, isSame } from './decimal.js';

/** A number that no double is: the shortest text of the nearest double is another number. */
export class ExactNumber {
  constructor(readonly decimal: Decimal) {}
}

/** A number of fewer digits, without an exponent, is one that a double keeps. */
const perhapsInexact = /[\d.]{16}|\d[eE]/;

/**
 * Parses JSON, with an `ExactNumber` in place of each number that a double does not keep. All other numbers are doubles:
 * two of them are equal, or in order, as their texts are.
 */
export function parseExactly(json: string): unknown {
  if (!perhapsInexact.test(json)) return JSON.parse(json);
  return JSON.parse(json, (_name, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? exact(value, context?.source) : value,
  );
}

function exact(value: number, source = String(value)): number | ExactNumber {
  const decimal = decimalOf(source);
  return Number.isFinite(value) && isSame(decimal, decimalOf(String(value)))
    ? value
    : new ExactNumber(decimal);
}

/** Where JSON has numbers that would be kept as other ones: `.limits[0].maximum`. The first `max` of them. */
export function inexactNumbers(json: string, max: number): string[] {
  const paths: string[] = [];
  if (perhapsInexact.test(json)) collectPaths(parseExactly(json), '', { paths, max });
  return paths;
}

function collectPaths(
  value: unknown,
  path: string,
  found: { readonly paths: string[]; readonly max: number },
): void {
  if (value instanceof ExactNumber) found.paths.push(path);
  else if (typeof value === 'object' && value !== null) {
    for (const [step, member] of stepsInto(value)) {
      if (found.paths.length >= found.max) return;
      collectPaths(member, path + step, found);
    }
  }
}

function* stepsInto(value: object): Generator<[step: string, member: unknown]> {
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield [`[${index}]`, item];
  else for (const [name, member] of Object.entries(value)) yield [`.${name.slice(0, 100)}`, member];
}
