import fc from 'fast-check';
import { FilterBudget, readFilter } from './index.js';
import { Needle } from './needle.js';

/** Of the processor, so that what else the machine does counts little. */
function spentMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A linear search takes some 2 ns a character; one that goes back by a long piece a thousand times that. */
const linearMs = (characters: number): number => 30 + characters / 5000;

/** Made of the repetitions of few letters: what a search that goes back is slow with. */
const periodic = (repetitions: number) =>
  fc
    .array(
      fc.record({
        unit: fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 }),
        times: fc.nat(repetitions),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((runs) => runs.map(({ unit, times }) => unit.repeat(times)).join(''));

describe('the search for a text', () => {
  it('finds what the search of the language finds', () => {
    fc.assert(
      fc.property(periodic(20), periodic(6), fc.nat(40), (text, piece, from) => {
        fc.pre(piece.length > 0);
        expect(new Needle(piece).indexIn(text, from, text.length)).toBe(
          from > text.length ? -1 : text.indexOf(piece, from),
        );
        expect(new Needle(piece).indexIn(text, 0, from)).toBe(text.slice(0, from).indexOf(piece));
      }),
    );
  });

  it('takes time by what both are long, however they repeat themselves', () => {
    fc.assert(
      fc.property(periodic(20_000), periodic(2000), (text, piece) => {
        fc.pre(piece.length > 0);
        const took = spentMs(() => new Needle(piece).indexIn(text, 0, text.length));
        expect(took).toBeLessThan(linearMs(text.length + piece.length));
      }),
      { numRuns: 100 },
    );
  });

  it.each([1, 250, 500, 4000, 7999])(
    'is linear where only what is %i characters from the end differs',
    (fromEnd) => {
      const piece = `${'a'.repeat(8000 - fromEnd)}b${'a'.repeat(fromEnd)}`;
      const text = 'a'.repeat(1_000_000);
      expect(spentMs(() => new Needle(piece).indexIn(text, 0, text.length))).toBeLessThan(
        linearMs(1_008_001),
      );
    },
  );
});

describe('a wildcard', () => {
  it('matches what the regular expression for it matches', () => {
    fc.assert(
      fc.property(fc.array(periodic(3), { minLength: 2, maxLength: 5 }), periodic(12), (pieces, text) => {
        const wildcard = pieces.join('*');
        fc.pre(!wildcard.includes('**'));
        const read = readFilter({ data: { x: [{ wildcard }] } });
        const event = { id: 'evt_1', type: 'a', timestamp: '2026-01-31T12:00:00Z', data: { x: text } };
        const matches = 'filter' in read && read.filter.mismatch(event) === undefined;
        expect(matches).toBe(new RegExp(`^${pieces.join('.*')}$`).test(text));
      }),
    );
  });

  it('is charged by the length of the text', () => {
    const read = readFilter({ data: { x: [{ wildcard: '*b*' }] } });
    const spent = (length: number): number => {
      const budget = new FilterBudget();
      const event = {
        id: 'evt_1',
        type: 'a',
        timestamp: '2026-01-31T12:00:00Z',
        data: { x: 'a'.repeat(length) },
      };
      if ('filter' in read) read.filter.mismatch(event, budget);
      return budget.spent;
    };
    expect(spent(160_000) - spent(32)).toBe(4999);
  });
});
