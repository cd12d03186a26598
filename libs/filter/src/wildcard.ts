import type { FilterBudget } from './budget.js';
import { Needle } from './needle.js';

/**
 * `*` stands for any number of characters, also none; `\*` and `\\` for the characters themselves. What stands between
 * the stars is looked for from left to right, each once: a place that was passed is never gone back to. So a text is read
 * once, and what is charged is its length.
 * @returns undefined for a pattern that cannot be read.
 */
export function readWildcard(pattern: string): ((text: string, budget: FilterBudget) => boolean) | undefined {
  const pieces = piecesOf(pattern);
  if (!pieces) return undefined;
  const [head = '', ...middle] = pieces;
  const tail = middle.pop();
  if (tail === undefined) return (text) => text === head;
  const needles = middle.map((piece) => new Needle(piece));
  return (text, budget) => {
    const end = text.length - tail.length;
    if (end < head.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
    return needles.length === 0 || (budget.spend(0, text.length) && findAll(needles, text, head.length, end));
  };
}

function findAll(needles: readonly Needle[], text: string, from: number, to: number): boolean {
  let at = from;
  for (const needle of needles) {
    const found = needle.indexIn(text, at, to);
    if (found === -1) return false;
    at = found + needle.length;
  }
  return true;
}

/** What is between the stars, without backslashes. */
function piecesOf(pattern: string): string[] | undefined {
  const pieces = [''];
  for (let index = 0; index < pattern.length; index++) {
    const character = pattern.charAt(index);
    if (character === '*') {
      if (pattern.charAt(index + 1) === '*') return undefined;
      pieces.push('');
      continue;
    }
    const next = pattern.charAt(index + 1);
    if (character === '\\' && next !== '*' && next !== '\\') return undefined;
    pieces[pieces.length - 1] += character === '\\' ? pattern.charAt(++index) : character;
  }
  return pieces;
}
