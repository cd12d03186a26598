/**
 * A text that is searched for in linear time, whatever it is and wherever it is searched for (Knuth, Morris, Pratt).
 * `String.indexOf` is not: V8 considers the last 250 characters of a long needle only, and moves by one after the others.
 */
export class Needle {
  readonly length: number;
  readonly #codes: Uint16Array;
  /** For each prefix the length of its longest proper prefix that is its suffix too. */
  readonly #borders: Uint16Array;

  /** @param text not empty, and at most 65,535 characters. */
  constructor(text: string) {
    this.length = text.length;
    this.#codes = Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
    this.#borders = new Uint16Array(text.length);
    for (let end = 1, border = 0; end < text.length; end++) {
      border = extended(border, text.charCodeAt(end), this.#codes, this.#borders);
      this.#borders[end] = border;
    }
  }

  /** @returns the first index from `from` at which the text stands whole before `to`; -1 if there is none. */
  indexIn(haystack: string, from: number, to: number): number {
    const [codes, borders] = [this.#codes, this.#borders];
    let matched = 0;
    for (let at = from; at < to; at++) {
      matched = extended(matched, haystack.charCodeAt(at), codes, borders);
      if (matched === codes.length) return at + 1 - matched;
    }
    return -1;
  }
}

/** @returns how much is matched behind one more character. Each step back takes away what an earlier call added. */
function extended(before: number, code: number, codes: Uint16Array, borders: Uint16Array): number {
  let matched = before;
  while (matched > 0 && codes[matched] !== code) matched = borders[matched - 1] ?? 0;
  return codes[matched] === code ? matched + 1 : matched;
}
