import { patternRegex } from './pattern-regex.js';

const matches = (pattern: string, type: string): boolean =>
  new RegExp(patternRegex(pattern)).test(`.${type}`);

describe('a pattern of event types as a regular expression', () => {
  it.each([
    ['invoice.paid', 'invoice.paid', true],
    ['invoice.paid', 'invoice.paid.late', false],
    ['invoice.*', 'invoice.paid', true],
    ['invoice.*', 'invoice', false],
    ['invoice.*', 'invoice.paid.late', false],
    ['invoice.#', 'invoice', true],
    ['invoice.#', 'invoice.paid.late', true],
    ['invoice.#', 'invoices.paid', false],
    ['#.late', 'late', true],
    ['#.late', 'invoice.paid.late', true],
    ['#', 'anything.at.all', true],
    ['*.*', 'one', false],
    ['a.#.b', 'a.b', true],
    ['a.#.b', 'a.c.d.b', true],
    ['invoice.paid', 'invoicexpaid', false],
  ])('%s and %s: %s', (pattern, type, expected) => {
    expect(matches(pattern, type)).toBe(expected);
  });
});
