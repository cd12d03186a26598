import { fitting } from './fitting.js';

const mebibyte = 1024 * 1024;

describe('what fits on a page', () => {
  it.each([1000, 20_000, 100_000])('is less than 1 MiB of items of %i characters, as JSON', (length) => {
    const items = Array.from({ length: 2000 }, (_, n) => `${n} ${'\u0001'.repeat(length / 6)}`);
    const shown = fitting(items);
    expect(items.slice(0, shown.length)).toEqual(shown);
    const bytes = Buffer.byteLength(JSON.stringify(shown));
    expect(bytes).toBeLessThan(mebibyte);
    expect(bytes + 6 * length).toBeGreaterThan(mebibyte - 8192);
  });

  it('is one item, however large it is', () => {
    const large = 'x'.repeat(2 * mebibyte);
    expect(fitting([large, 'y'])).toEqual([large]);
    expect(fitting([])).toEqual([]);
  });

  it('is all of what is small', () => {
    const items = Array.from({ length: 250 }, (_, n) => n);
    expect(fitting(items)).toEqual(items);
  });
});
