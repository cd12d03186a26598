import { matchesPattern } from './matches-pattern.js';

describe('an event-type pattern', () => {
  it.each([
    ['invoice.paid', 'invoice.paid', true],
    ['invoice.paid', 'invoice.sent', false],
    ['invoice.*', 'invoice.paid', true],
    ['invoice.*', 'invoice', false],
    ['invoice.*', 'invoice.paid.late', false],
    ['*', 'invoice', true],
    ['*', 'invoice.paid', false],
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
  ])('%s on %s: %s', (pattern, eventType, matches) => {
    expect(matchesPattern(pattern, eventType)).toBe(matches);
  });

  it('costs no more for a pattern made to be slow', () => {
    const pattern = Array.from({ length: 60 }, () => '#.a').join('.');
    const startedMs = performance.now();
    expect(matchesPattern(`${pattern}.b`, 'a.'.repeat(120) + 'c')).toBe(false);
    expect(performance.now() - startedMs).toBeLessThan(100);
  });
});
