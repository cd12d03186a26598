import { retryAfterS } from './retry-after.js';

const now = Date.parse('2026-01-01T00:00:00Z');

describe('Retry-After', () => {
  it.each([
    ['120', 120],
    [' 0 ', 0],
    ['Thu, 01 Jan 2026 00:01:30 GMT', 90],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
    ['1e3', undefined],
    ['2026', 2026],
    ['999999999', 999_999_999],
    ['1000000000', 86_400],
    ['99999999999999999999', 86_400],
    ['000000000000120', 120],
    ['Thursday, 01-Jan-26 00:00:07 GMT', 7],
    ['Thu Jan  1 00:00:07 2026', 7],
    ['Sat Jan 31 00:00:00 2026', 30 * 86_400],
    ['Friday, 01-Jan-76 00:00:00 GMT', (Date.UTC(2076, 0, 1) - now) / 1000],
    ['Saturday, 01-Jan-77 00:00:00 GMT', 0],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 0],
    ['Thu, 01 Jan 2026 00:01:30', undefined],
    ['Thu, 01 Jan 2026 00:01:30 +0200', undefined],
    ['Mon, 30 Feb 2026 00:00:00 GMT', undefined],
    ['Thu, 01 Jan 2026 24:00:00 GMT', undefined],
    ['Thu, 01 Foo 2026 00:00:00 GMT', undefined],
    ['2026-01-01T00:01:30Z', undefined],
    ['Fri', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s seconds', (header, seconds) => {
    expect(retryAfterS(header, now)).toBe(seconds);
  });
});

describe('a date in Retry-After', () => {
  const { TZ } = process.env;
  afterEach(() => {
    if (TZ === undefined) delete process.env['TZ'];
    else process.env['TZ'] = TZ;
  });

  it.each(['America/New_York', 'Asia/Kolkata'])('is UTC where the process runs in %s', (zone) => {
    process.env['TZ'] = zone;
    expect(retryAfterS('Thu Jan  1 00:00:07 2026', now)).toBe(7);
    expect(retryAfterS('Thursday, 01-Jan-26 00:00:07 GMT', now)).toBe(7);
  });
});
