import ipaddr from 'ipaddr.js';
import { isExact, isObject, join, type Reading } from './reading.js';
import { readWildcard } from './wildcard.js';

/** Whether a value that is neither an object nor an array is one that was meant. */
export type Matches = (value: unknown) => boolean;
interface Operand {
  readonly path: string;
  readonly reading: Reading;
}
type ReadMatcher = (operand: unknown, place: Operand) => Matches | undefined;

const comparisons: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Those that are about text. `anything-but` can turn them round. */
const ofText = new Map<string, ReadMatcher>([
  ['prefix', text((value, wanted) => value.startsWith(wanted))],
  ['suffix', text((value, wanted) => value.endsWith(wanted))],
  ['equals-ignore-case', text(equalsIgnoreCase)],
  ['wildcard', wildcard],
]);

export const matchers: ReadonlyMap<string, ReadMatcher> = new Map<string, ReadMatcher>([
  ...ofText,
  ['numeric', numeric],
  ['cidr', cidr],
  ['anything-but', anythingBut],
]);

function text(holds: (value: string, wanted: string) => boolean): ReadMatcher {
  return (operand, { path, reading }) => {
    if (typeof operand !== 'string') return reading.fault(path, 'must be a string');
    return (value) => typeof value === 'string' && holds(value, operand);
  };
}

function equalsIgnoreCase(value: string, wanted: string): boolean {
  // A text that is much longer is another one, and need not be turned into lower case to know that.
  return value.length <= wanted.length * 3 && value.toLowerCase() === wanted.toLowerCase();
}

function wildcard(operand: unknown, { path, reading }: Operand): Matches | undefined {
  if (!reading.countWildcard(path)) return undefined;
  const matches = typeof operand === 'string' ? readWildcard(operand) : undefined;
  if (!matches)
    return reading.fault(
      path,
      'must be a string in which * stands for anything; no two in a row, and \\* for the character itself',
    );
  return (value) => typeof value === 'string' && matches(value);
}

/** `[">", 0, "<=", 100]` */
function numeric(operand: unknown, { path, reading }: Operand): Matches | undefined {
  const parts: unknown[] = Array.isArray(operand) ? operand : [];
  const tests: Matches[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [operator, bound] = [String(parts[index]), parts[index + 1]];
    const compare = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
    if (!compare || !isExact(bound)) {
      tests.length = 0;
      break;
    }
    tests.push((value) => typeof value === 'number' && compare(value, bound));
  }
  if (tests.length === 0 || tests.length > 2)
    return reading.fault(
      path,
      'must be one or two comparisons such as [">", 0, "<=", 100], with =, <, <=, > or >= and numbers within ±9007199254740991',
    );
  return (value) => tests.every((test) => test(value));
}

function cidr(operand: unknown, { path, reading }: Operand): Matches | undefined {
  if (typeof operand !== 'string' || !ipaddr.isValidCIDR(operand))
    return reading.fault(path, 'must be a network such as 10.0.0.0/8 or 2001:db8::/32');
  const network = ipaddr.parseCIDR(operand);
  return (value) => {
    if (typeof value !== 'string' || value.length > 45 || !ipaddr.isValid(value)) return false;
    const address = ipaddr.parse(value);
    return address.kind() === network[0].kind() && address.match(network);
  };
}

/** Values, or one of the matchers of text with one string or several: none of them may hold. */
function anythingBut(operand: unknown, { path, reading }: Operand): Matches | undefined {
  if (isObject(operand)) return exceptMatching(operand, { path, reading });
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  const isGood = values.every(
    (value) => ['string', 'number', 'boolean'].includes(typeof value) || value === null,
  );
  if (!isGood || values.length === 0)
    return reading.fault(path, `must be values, or one of: ${[...ofText.keys()].join(', ')}`);
  if (!values.slice(1).every((_, index) => reading.count(`${path}[${index + 1}]`))) return undefined;
  const unwanted = new Set(values);
  return (value) => !unwanted.has(value);
}

function exceptMatching(
  operand: Readonly<Record<string, unknown>>,
  { path, reading }: Operand,
): Matches | undefined {
  const entries = Object.entries(operand);
  const [[name, texts] = ['', undefined]] = entries;
  const read = entries.length === 1 ? ofText.get(name) : undefined;
  if (!read) return reading.fault(path, `must be values, or one of: ${[...ofText.keys()].join(', ')}`);
  const unwanted: Matches[] = [];
  for (const one of Array.isArray(texts) ? (texts as unknown[]) : [texts]) {
    if (!reading.count(path)) return undefined;
    const matches = read(one, { path: join(path, name), reading });
    if (matches) unwanted.push(matches);
  }
  return (value) => !unwanted.some((matches) => matches(value));
}
