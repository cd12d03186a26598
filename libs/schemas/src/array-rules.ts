import { areUnique } from './canonical-text.js';
import { type Compile, fault, holdsFor, type JsonSchema, type Rule, silently } from './evaluation.js';

type Make = (schema: JsonSchema, compile: Compile) => Rule;

/** Rules on arrays, by the keyword that brings each. */
export const arrayRules: Readonly<Record<string, Make>> = {
  minItems: ({ minItems }) =>
    onArrays(
      (items, frame) =>
        items.length >= Number(minItems) ||
        fault(frame, `must NOT have fewer than ${String(minItems)} items`),
    ),
  maxItems: ({ maxItems }) =>
    onArrays(
      (items, frame) =>
        items.length <= Number(maxItems) || fault(frame, `must NOT have more than ${String(maxItems)} items`),
    ),
  uniqueItems: ({ uniqueItems }) =>
    onArrays(
      (items, frame) =>
        uniqueItems !== true ||
        areUnique(items, frame.run.budget) ||
        fault(frame, 'must not have the same item twice'),
    ),
  prefixItems: ({ prefixItems }, compile) => {
    const checks = (prefixItems as readonly unknown[]).map(compile);
    return onArrays((items, frame) => {
      let valid = true;
      for (const [index, check] of checks.entries()) {
        if (index >= items.length) break;
        if (!holdsFor(check, items[index], frame, index)) valid = false;
        if (frame.run.tracks) frame.seen.items.add(index);
      }
      return valid;
    });
  },
  items: ({ items: schema, prefixItems = [] }, compile) => {
    const check = compile(schema);
    const start = (prefixItems as readonly unknown[]).length;
    return onArrays((items, frame) => {
      let valid = true;
      for (let index = start; index < items.length; index++) {
        if (!holdsFor(check, items[index], frame, index)) valid = false;
        if (frame.run.tracks) frame.seen.items.add(index);
      }
      return valid;
    });
  },
  contains: ({ contains, minContains = 1, maxContains = Infinity }, compile) => {
    const check = compile(contains);
    const [least, most] = [Number(minContains), Number(maxContains)];
    return onArrays((items, frame) => {
      const inside = silently(frame);
      let count = 0;
      for (const [index, item] of items.entries()) {
        if (!check(item, inside)) continue;
        count++;
        if (frame.run.tracks) frame.seen.items.add(index);
      }
      return (count >= least && count <= most) || fault(frame, messageOf(least, most));
    });
  },
};

export const unevaluatedItems: Make = ({ unevaluatedItems: schema }, compile) => {
  const check = compile(schema);
  return onArrays((items, frame) => {
    let valid = true;
    for (const [index, item] of items.entries()) {
      if (frame.seen.items.has(index)) continue;
      if (!holdsFor(check, item, frame, index)) valid = false;
      frame.seen.items.add(index);
    }
    return valid;
  });
};

function onArrays(rule: (items: readonly unknown[], frame: Parameters<Rule>[1]) => boolean): Rule {
  return (value, frame) => {
    if (!Array.isArray(value)) return true;
    frame.run.budget.spend(value.length / 4);
    return rule(value, frame);
  };
}

function messageOf(least: number, most: number): string {
  return most === Infinity
    ? `must contain at least ${least} valid item(s)`
    : `must contain at least ${least} and no more than ${most} valid item(s)`;
}
