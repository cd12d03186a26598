import fc from 'fast-check';

/** Texts, each so many times: a long text that is short to print. */
export type Pieces = readonly (readonly [unit: string, times: number])[];

/** As much as an event may have by default. */
export const maxBytes = 256 * 1024;

const times = fc.oneof(
  { withCrossShrink: true },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 4 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 300 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: maxBytes }) },
);

/** The words of a text. */
export function listed(words: string): string[] {
  return words.trim().split(/\s+/);
}

const oddities = [
  ...listed(`
  a ab aab b A 0 9 1 - _ . .. / : ; , = & @ ? * ** # " % %ff %00 %C3%BC %E2%82 + [ ] { } ( ) (a+)+ $
  ^ < > | ~ ! 1e400 -0 0x7f 1e-400 __proto__ constructor toString null true NaN T Z 2026-02-30
  24:00:00 +23:59`),
  '\\',
  "'",
  ' ',
  '\t',
  '\r\n',
  '\u0000',
  '\ud800',
  '\udc00',
  '\ufeff',
  '\u2028',
  '\u00fc',
  '\u20ac',
  '\ud83d\ude00',
  'e\u0301',
  '\u0130',
  '`',
];

/** A text of odd pieces, some of them very often. `own` are pieces that the parser at hand looks for. */
export function pieces(own: readonly string[] = [], maxLength = 6): fc.Arbitrary<Pieces> {
  const unit = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...(own.length > 0 ? own : oddities)) },
    { weight: 3, arbitrary: fc.constantFrom(...oddities) },
    { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
  );
  return fc.array(fc.tuple(unit, times), { maxLength });
}

/** A text that nearly repeats itself: what a search in quadratic time cannot stand. */
export function periodic(units: readonly string[]): fc.Arbitrary<Pieces> {
  return fc.array(fc.tuple(fc.constantFrom(...units), times), { minLength: 1, maxLength: 4 });
}

/** The text, cut off at `limit` characters. */
export function textOf(of: Pieces, limit = maxBytes): string {
  let text = '';
  for (const [unit, count] of of) {
    const room = limit - text.length;
    if (room <= 0) break;
    text += unit.repeat(Math.min(count, Math.ceil(room / Math.max(1, unit.length)))).slice(0, room);
  }
  return text;
}

/** Places, as parts of the whole, where a byte is another one than it should be. */
export type Damage = readonly (readonly [place: number, byte: number])[];

export const damage: fc.Arbitrary<Damage> = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        fc.constantFrom(0, 0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c, 0x20, 0x80, 0xc0, 0xed, 0xff, 0x0a),
      ),
      { maxLength: 3 },
    ),
  },
);

export function damaged(text: string, places: Damage): Buffer {
  const bytes = Buffer.from(text);
  for (const [place, byte] of places) if (bytes.length > 0) bytes[Math.floor(place * bytes.length)] = byte;
  return bytes;
}
