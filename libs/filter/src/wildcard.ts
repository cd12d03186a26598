/**
 * `*` stands for any number of characters, also none; `\*` and `\\` for the characters themselves. What stands between
 * the stars is looked for from left to right, each once: a place that was passed is never gone back to.
 * @returns undefined for a pattern that cannot be read.
 */
export function readWildcard(pattern: string): ((text: string) => boolean) | undefined {
  const pieces = piecesOf(pattern);
  if (!pieces) return undefined;
  const [head = '', ...middle] = pieces;
  const tail = middle.pop();
  if (tail === undefined) return (text) => text === head;
  return (text) => {
    if (!text.startsWith(head)) return false;
    let at = head.length;
    for (const piece of middle) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return text.length - tail.length >= at && text.endsWith(tail);
  };
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
