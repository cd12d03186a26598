import ipaddr from 'ipaddr.js';
import type { FilterBudget } from './budget.js';
import { isObject, join, limits, type Reading } from './reading.js';
import { isContradiction, readBounds } from './ranges.js';
import { caseless, type TextTest } from './caseless.js';
import { readWildcard } from './wildcard.js';

/** Whether a value that is neither an object nor an array is one that was meant. */
export type Matches = (value: unknown, budget: FilterBudget) => boolean;
interface Operand {
  readonly path: string;
  readonly reading: Reading;
}
type ReadMatcher = (operand: unknown, place: Operand) => Matches | undefined;

/** Reading an address, and changing the case of a text, take as long as so many comparisons. */
const [addressCost, caseCost] = [50, 5];

/** Those that are about text. `anything-but` can turn them round. */
const ofText = new Map<string, ReadMatcher>([
  ['prefix', text(startsWith, caseless.prefix)],
  ['suffix', text(endsWith, caseless.suffix)],
  ['equals-ignore-case', text(caseless.equals)],
  ['wildcard', wildcard],
]);

export const matchers: ReadonlyMap<string, ReadMatcher> = new Map<string, ReadMatcher>([
  ...ofText,
  ['numeric', numeric],
  ['cidr', cidr],
  ['anything-but', anythingBut],
]);

function startsWith(wanted: string): (value: string) => boolean {
  return (value) => value.startsWith(wanted);
}

function endsWith(wanted: string): (value: string) => boolean {
  return (value) => value.endsWith(wanted);
}

const ignoringCase = 'equals-ignore-case';

/** @param inAnyCase for the operand `{ "equals-ignore-case": "…" }`, where there may be one. */
function text(exact: TextTest, inAnyCase?: TextTest): ReadMatcher {
  return (operand, { path, reading }) => {
    if (typeof operand === 'string') return textMatches(operand, exact);
    const wanted = inAnyCase && isObject(operand) ? onlyMember(operand) : undefined;
    if (inAnyCase && wanted !== undefined) return textMatches(wanted, inAnyCase);
    const or = inAnyCase ? ` or { "${ignoringCase}": a string }` : '';
    return reading.fault(path, `must be a string${or}`);
  };
}

function onlyMember(operand: Readonly<Record<string, unknown>>): string | undefined {
  const [[name, wanted] = []] = Object.entries(operand);
  const isOnly = Object.keys(operand).length === 1 && name === ignoringCase;
  return isOnly && typeof wanted === 'string' ? wanted : undefined;
}

/** No more of a text is read than is as long as what is wanted, give or take what changing the case does to its length. */
function textMatches(wanted: string, test: TextTest): Matches {
  const holds = test(wanted);
  const cost = test === startsWith || test === endsWith ? 0 : caseCost;
  return (value, budget) =>
    typeof value === 'string' &&
    budget.spend(cost, Math.min(value.length, wanted.length * 3)) &&
    holds(value);
}

function wildcard(operand: unknown, { path, reading }: Operand): Matches | undefined {
  if (!reading.countWildcard(path)) return undefined;
  const isShort = typeof operand === 'string' && operand.length <= limits.bytes;
  const matches = isShort ? readWildcard(operand) : undefined;
  if (!matches)
    return reading.fault(
      path,
      'must be a string in which * stands for anything; no two in a row, and \\* for the character itself',
    );
  return (value, budget) => typeof value === 'string' && matches(value, budget);
}

function numeric(operand: unknown, { path, reading }: Operand): Matches | undefined {
  const bounds = Array.isArray(operand) ? readBounds(operand) : undefined;
  if (!bounds)
    return reading.fault(
      path,
      'must be one or two comparisons such as [">", 0, "<=", 100], with =, <, <=, > or >= and numbers within ±9007199254740991',
    );
  if (isContradiction(bounds))
    reading.warn(path, 'holds of no number: the comparisons contradict each other');
  return (value) => typeof value === 'number' && bounds.every(({ holds, bound }) => holds(value, bound));
}

function cidr(operand: unknown, { path, reading }: Operand): Matches | undefined {
  if (typeof operand !== 'string' || !ipaddr.isValidCIDR(operand))
    return reading.fault(path, 'must be a network such as 10.0.0.0/8 or 2001:db8::/32');
  const network = ipaddr.parseCIDR(operand);
  return (value, budget) => {
    if (typeof value !== 'string' || value.length > 45) return false;
    if (!budget.spend(addressCost) || !ipaddr.isValid(value)) return false;
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
  return (value, budget) =>
    budget.spend(unwanted.length) && !unwanted.some((matches) => matches(value, budget));
}
