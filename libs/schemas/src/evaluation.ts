import type { FieldError } from '#libs/contracts';
import type { Budget } from './budget.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

const maxErrors = 20;

/** The way from the whole value to a part of it. */
export interface Path {
  readonly parent: Path | undefined;
  readonly part: string | number;
}

/** Which members and items of one value a schema has evaluated: what `unevaluated…` leaves alone. */
export class Seen {
  readonly names = new Set<string>();
  readonly items = new Set<number>();

  add(other: Seen): void {
    for (const name of other.names) this.names.add(name);
    for (const item of other.items) this.items.add(item);
  }
}

/** Of what is not looked into, and of all that no `unevaluated…` asks for. */
export const seenNothing = new Seen();

/** One validation. */
export interface Run {
  readonly budget: Budget;
  /** Undefined where only the verdict counts. */
  readonly errors: FieldError[] | undefined;
  /** Whether any schema in this one has to have what others have seen. */
  readonly tracks: boolean;
}

/** One value under one schema. */
export interface Frame {
  readonly path: Path | undefined;
  readonly run: Run;
  readonly seen: Seen;
}

/** One keyword of a schema. Notes what is wrong. @returns whether nothing is. */
export type Rule = (value: unknown, frame: Frame) => boolean;

/** A whole schema. @returns what it has seen of a valid value, undefined for any other one. */
export type Check = (value: unknown, at: Omit<Frame, 'seen'>) => Seen | undefined;

/** Makes the check of a schema inside. */
export type Compile = (schema: unknown) => Check;

/** Notes what is wrong, at the value or at a part of it. @returns false */
export function fault({ run, path }: Omit<Frame, 'seen'>, message: string): false {
  note(run, () => ({ path: textOf(path), message: message.slice(0, 500) }));
  return false;
}

/** Up to a number of them. */
export function note({ errors }: Run, error: () => FieldError): void {
  if (errors && errors.length < maxErrors) errors.push(error());
}

/** Whether a schema holds for a member or an item. */
export function holdsFor(check: Check, value: unknown, { run, path }: Frame, part: string | number): boolean {
  return check(value, { run, path: { parent: path, part } }) !== undefined;
}

/** What a valid schema has seen of a value counts for the schema around it. @returns whether it is valid. */
export function applied(seen: Seen | undefined, frame: Frame): boolean {
  if (seen && frame.run.tracks) {
    frame.run.budget.spend((seen.names.size + seen.items.size) / 4);
    frame.seen.add(seen);
  }
  return seen !== undefined;
}

/** Only the verdict. */
export function silently({ run, path }: Frame): Omit<Frame, 'seen'> {
  return { run: { ...run, errors: undefined }, path };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** `.lines[0].price` */
function textOf(path: Path | undefined): string {
  if (!path) return '';
  const { parent, part } = path;
  return textOf(parent) + (typeof part === 'number' ? `[${part}]` : `.${part.slice(0, 100)}`);
}
