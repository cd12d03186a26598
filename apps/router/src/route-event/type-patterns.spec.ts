import fc from 'fast-check';
import { TypeParts, TypePatterns } from './type-patterns.js';

const matches = (patterns: string[], eventType: string): boolean =>
  new TypePatterns(patterns).match(new TypeParts(eventType));

describe('an event-type pattern', () => {
  it.each([
    ['invoice.paid', 'invoice.paid', true],
    ['invoice.paid', 'invoice.sent', false],
    ['invoice.*', 'invoice.paid', true],
    ['invoice.*', 'invoice', false],
    ['invoice.*', 'invoice.paid.late', false],
    ['*.*', 'invoice.paid', true],
    ['*.*', 'invoice', false],
    ['#', 'invoice', true],
    ['#', 'invoice.paid.late', true],
    ['invoice.#', 'invoice', true],
    ['invoice.#', 'invoice.paid.late', true],
    ['invoice.#', 'invoices.paid', false],
    ['#.late', 'late', true],
    ['#.late', 'invoice.paid.late', true],
    ['#.late', 'invoice.late.paid', false],
    ['a.#.z', 'a.z', true],
    ['a.#.z', 'a.b.c.z', true],
    ['a.#.z', 'a.b.c', false],
    ['*.#', 'a', true],
    ['#.*.#', 'a.b', true],
    ['#.#', 'a', true],
  ])('%s on %s: %s', (pattern, eventType, expected) => {
    expect(matches([pattern], eventType)).toBe(expected);
  });

  it('alone and a star means every type, in company one part', () => {
    expect(matches(['*'], 'invoice')).toBe(true);
    expect(matches(['*'], 'invoice.paid.late')).toBe(true);
    expect(matches(['*', 'user.created'], 'invoice')).toBe(true);
    expect(matches(['*', 'user.created'], 'invoice.paid')).toBe(false);
    expect(matches(['user.created', '#'], 'invoice.paid')).toBe(true);
  });

  it('matches what the regular expression for it matches, however long the type is', () => {
    const token = fc.constantFrom('a', 'b', '*', '#');
    fc.assert(
      fc.property(
        fc.array(token, { minLength: 1, maxLength: 7 }),
        fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 9 }),
        fc.constantFrom('', 'a.'.repeat(31), 'a.'.repeat(64), 'b.'.repeat(100)),
        (tokens, parts, before) => {
          const eventType = `${before}${parts.join('.')}`;
          const regexes: Record<string, string> = { '*': '\\.[^.]+', '#': '(?:\\.[^.]+)*' };
          const regex = new RegExp(`^${tokens.map((one) => regexes[one] ?? `\\.${one}`).join('')}$`);
          // In company, for a star alone not to mean more.
          expect(matches([tokens.join('.'), 'c'], eventType)).toBe(regex.test(`.${eventType}`));
        },
      ),
    );
  });

  it('costs little for ten thousand patterns made to be slow', () => {
    const pattern = `${Array.from({ length: 60 }, () => '#.a').join('.')}.b`;
    const patterns = new TypePatterns(Array.from({ length: 10_000 }, () => pattern));
    const startedMs = performance.now();
    expect(patterns.match(new TypeParts(`${'a.'.repeat(120)}c`))).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(1500);
  });
});
