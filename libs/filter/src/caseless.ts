/** Reads what is wanted, and gives what is asked of each text. */
export type TextTest = (wanted: string) => (value: string) => boolean;

/** A text that differs in case only may be shorter or longer, by no more than this. */
const stretch = 3;

/** Whether a text is, begins with or ends with another, whatever the case of either. */
export const caseless = {
  equals: (wanted) => {
    const folded = fold(wanted);
    // A text that is much longer is another one, and need not be folded for that.
    return (value) => value.length <= wanted.length * stretch && fold(value) === folded;
  },
  prefix: (wanted) => {
    const folded = fold(wanted);
    return (value) => fold(value.slice(0, wanted.length * stretch)).startsWith(folded);
  },
  suffix: (wanted) => {
    const folded = fold(wanted);
    const longest = wanted.length * stretch;
    return (value) => fold(value.slice(Math.max(0, value.length - longest))).endsWith(folded);
  },
} satisfies Record<string, TextTest>;

/** The small letter that ends a Greek word is the same letter as within it: what is compared may be a part of a word. */
function fold(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ς') ? lower.replaceAll('ς', 'σ') : lower;
}
