import { quickened } from './quickened.js';

describe('quickened', () => {
  it.each([
    ['rate(a_total[5m])', 'rate(a_total[15s])'],
    ['avg_over_time(a[3h] offset 30m)', 'avg_over_time(a[360s] offset 60s)'],
    ['predict_linear(a[2h:10m], 86400)', 'predict_linear(a[240s:20s], 86400)'],
    ['sum(a_bytes) > 30e9', 'sum(a_bytes) > 1e9'],
    ['for: 1m', 'for: 2s'],
    ['for: 10m', 'for: 20s'],
    ['max(posthorn_timetable_late_seconds) > 60', 'max(posthorn_timetable_late_seconds) > 2'],
  ])('makes of %s %s', (given, expected) => {
    expect(quickened(given)).toBe(expected);
  });

  it.each(['record: posthorn:accepted:rate5m', 'max(posthorn_parked_messages) > 0', 'ratio5m > 0.5'])(
    'leaves %s as it is',
    (given) => {
      expect(quickened(given)).toBe(given);
    },
  );
});
