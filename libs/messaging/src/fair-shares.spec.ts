import { fairShares } from './fair-shares.js';

describe('fair shares', () => {
  it.each<[string, Record<string, number>, number, Record<string, number>]>([
    ['equal parts', { a: 10, b: 10 }, 10, { a: 5, b: 5 }],
    ['all to who wants little, the rest to the others', { a: 1000, b: 3, c: 1 }, 100, { a: 96, b: 3, c: 1 }],
    ['no more than what is wanted', { a: 2, b: 3 }, 100, { a: 2, b: 3 }],
    [
      'one to the first where there are more owners than places',
      { a: 9, b: 1, c: 1 },
      2,
      { a: 1, b: 1, c: 0 },
    ],
  ])('are %s', (_what, wanted, size, expected) => {
    expect(Object.fromEntries(fairShares(new Map(Object.entries(wanted)), size))).toEqual(expected);
  });
});
