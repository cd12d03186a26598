import { Problem } from '#libs/contracts';
import { JsonWalk } from './json-walk.js';

/** Where a value stands in the bytes: from `start` to before `end`. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

export type Members = ReadonlyMap<string, Slice>;

/** Of an object whose members are looked at; not of those inside. */
const maxMembers = 100;

const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Checks that the bytes are one JSON object (RFC 8259) and tells where its members' values are, without building any
 * value: what a publisher wrote can then be handed on as the very same bytes. Names that occur twice, and `__proto__`,
 * are refused at this level: two readers could understand them differently.
 * @throws Problem `invalid_json` saying where, `json_too_deep` beyond `maxDepth` levels inside a member.
 */
export function scanObject(bytes: Buffer, maxDepth: number): Members {
  return scan(bytes, maxDepth, (walk) => {
    if (walk.peek() !== OPEN_BRACE) walk.fail('an object is expected');
    const { members, problem } = objectOf(bytes, walk);
    if (problem) throw problem;
    return members;
  });
}

/** An item of an array: the members of an object, or why it is not taken. */
export interface ScannedItem {
  readonly members: Members;
  readonly problem?: Problem;
}

/**
 * Checks that the bytes are one JSON array, and tells of each object in it what `scanObject` does. An item that is no
 * object, or has a name twice, is a problem of that item; what is no JSON is a problem of all.
 * Item by item, so that a large array can be read in turns.
 * @throws Problem as `scanObject` does; `validation_failed` as soon as there are more than `maxItems`.
 */
export function* scanArray(
  bytes: Buffer,
  { maxDepth, maxItems }: { maxDepth: number; maxItems: number },
): Generator<ScannedItem, void> {
  const walk = new JsonWalk(bytes, maxDepth);
  if (walk.peek() !== OPEN_BRACKET) walk.fail('an array is expected');
  let items = 0;
  if (walk.isAnyIn(CLOSE_BRACKET)) {
    do {
      if (++items > maxItems)
        throw new Problem('validation_failed', `There may be ${maxItems} items at most.`);
      yield itemOf(bytes, walk);
    } while (walk.isMoreIn(CLOSE_BRACKET));
  }
  checkEnd(walk);
}

/** @throws Problem as `scanObject` does, unless the bytes are one JSON value of any kind. */
export function scanValue(bytes: Buffer, maxDepth: number): void {
  scan(bytes, maxDepth, (walk) => {
    walk.peek();
    walk.value();
  });
}

/** The text of a JSON string that was walked over. */
export function readString(bytes: Buffer, { start, end }: Slice): string {
  const text = bytes.toString('utf8', start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

function scan<Result>(bytes: Buffer, maxDepth: number, read: (walk: JsonWalk) => Result): Result {
  const walk = new JsonWalk(bytes, maxDepth);
  const result = read(walk);
  checkEnd(walk);
  return result;
}

function checkEnd(walk: JsonWalk): void {
  if (walk.peek() !== undefined) walk.fail('nothing may follow the end');
}

function itemOf(bytes: Buffer, walk: JsonWalk): ScannedItem {
  if (walk.peek() === OPEN_BRACE) return objectOf(bytes, walk);
  walk.value();
  return { members: new Map(), problem: ambiguous('each item must be an object') };
}

function objectOf(bytes: Buffer, walk: JsonWalk): ScannedItem {
  const members = new Map<string, Slice>();
  let problem: Problem | undefined;
  if (!walk.isAnyIn(CLOSE_BRACE)) return { members };
  do {
    const nameStart = walk.at;
    walk.string();
    const nameEnd = walk.at;
    walk.colon();
    const start = walk.at;
    walk.value();
    // To make texts of hundreds of thousands of names would cost more than to step over them.
    if (problem) continue;
    const name = readString(bytes, { start: nameStart, end: nameEnd });
    problem = problemOf(name, members);
    if (!problem) members.set(name, { start, end: walk.at });
  } while (walk.isMoreIn(CLOSE_BRACE));
  return problem ? { members, problem } : { members };
}

/** Of one member beside those before it. Making a problem costs much more than reading a member. */
function problemOf(name: string, members: Members): Problem | undefined {
  if (name === '__proto__') return ambiguous('"__proto__" is not allowed');
  if (members.has(name)) return ambiguous(`"${name.slice(0, 40)}" is there twice`);
  if (members.size < maxMembers) return undefined;
  return ambiguous(`an object may have ${maxMembers} members at most here`);
}

function ambiguous(what: string): Problem {
  return new Problem('invalid_json', `The body is not valid JSON: ${what}.`);
}
