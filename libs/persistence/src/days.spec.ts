import { expiredDays, missingDays } from './days.js';

describe('the days that are to have a partition', () => {
  it('are yesterday to some days ahead, in a new installation', () => {
    expect(missingDays([], '2026-03-01', 2)).toEqual([
      '2026-03-03',
      '2026-03-02',
      '2026-03-01',
      '2026-02-28',
    ]);
  });

  it('are one more each day', () => {
    const existing = ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03'];
    expect(missingDays(existing, '2026-03-02', 2)).toEqual(['2026-03-04']);
    expect(missingDays(existing, '2026-03-01', 2)).toEqual([]);
  });

  it('are also those that passed while the service was away', () => {
    expect(missingDays(['2026-03-01'], '2026-03-05', 0)).toEqual([
      '2026-03-05',
      '2026-03-04',
      '2026-03-03',
      '2026-03-02',
    ]);
  });

  it('are the nearest ones first and not very many at once, however long the service was away', () => {
    const missing = missingDays(['2020-01-01'], '2026-03-01', 3);
    expect(missing).toHaveLength(40);
    expect(missing[0]).toBe('2026-03-04');
  });
});

describe('a day', () => {
  const expired = (now: string) => expiredDays(['2026-03-02', '2026-03-01'], Date.parse(now), 7 * 86_400_000);

  it('has expired when its last moment is as long ago as the retention', () => {
    expect(expired('2026-03-08T23:59:59.999Z')).toEqual([]);
    expect(expired('2026-03-09T00:00:00.000Z')).toEqual(['2026-03-01']);
    expect(expired('2026-03-10T00:00:00.000Z')).toEqual(['2026-03-01', '2026-03-02']);
  });
});
