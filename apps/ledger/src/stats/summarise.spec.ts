import { durationBoundsMs, emptyDurations, quantileMs } from './durations.js';
import { summarise, windows } from './summarise.js';
import { tallyOf } from './tally.js';

const at = (minute: number, second = 0): string =>
  new Date(Date.UTC(2026, 0, 31, 12, minute, second)).toISOString();
const attempt = (startedAt: string, durationMs: number, isDelivered = true) => ({
  destinationId: 'dst_1',
  result: isDelivered ? ('delivered' as const) : ('refused' as const),
  startedAt,
  durationMs,
});
const read = (attempts: Parameters<typeof tallyOf>[0]) =>
  tallyOf(attempts).map((tally) => ({ ...tally, at: new Date(tally.at) }));

describe('attempts', () => {
  it('are counted by five minutes and by the hour, for each destination', () => {
    const tallies = tallyOf([
      attempt(at(1), 4),
      attempt(at(4, 59), 4, false),
      attempt(at(5), 40_000),
      { ...attempt(at(1), 4), destinationId: 'dst_0' },
    ]);
    expect(
      tallies.map(({ destination_id, span, at: begin, delivered, failed }) => [
        destination_id,
        span,
        begin,
        delivered,
        failed,
      ]),
    ).toEqual([
      ['dst_0', 'hour', at(0), 1, 0],
      ['dst_0', 'minutes', at(0), 1, 0],
      ['dst_1', 'hour', at(0), 2, 1],
      ['dst_1', 'minutes', at(0), 1, 1],
      ['dst_1', 'minutes', at(5), 1, 0],
    ]);
    expect(tallies[2]).toMatchObject({ last_delivered_at: at(5), last_failed_at: at(4, 59) });
    expect(tallies[2]?.durations).toEqual(emptyDurations().with(0, 2).with(durationBoundsMs.length, 1));
  });

  it('are those of a window from the five minutes or the hour in which it begins', () => {
    const counted = read([attempt(at(0), 4), attempt(at(5), 4), attempt(at(10), 4, false)]);
    const nowMs = Date.parse(at(67));
    expect(summarise(counted, windows.lastHour, nowMs)).toMatchObject({
      since: at(5),
      attempts: 2,
      delivered: 1,
      failed: 1,
      successRate: 0.5,
    });
    expect(summarise(counted, windows.lastDay, nowMs)).toMatchObject({ attempts: 3, successRate: 0.6667 });
    expect(summarise([], windows.lastWeek, nowMs)).toMatchObject({
      attempts: 0,
      successRate: null,
      p50Ms: null,
      p95Ms: null,
    });
  });
});

describe('how long attempts take', () => {
  it('is told within the class that the share falls into', () => {
    const durations = read([
      ...Array.from({ length: 90 }, () => attempt(at(0), 60)),
      ...Array.from({ length: 10 }, () => attempt(at(0), 4000)),
    ])[0]!.durations;
    const [p50, p95] = [quantileMs(durations, 0.5)!, quantileMs(durations, 0.95)!];
    expect(p50).toBeGreaterThan(50);
    expect(p50).toBeLessThanOrEqual(75);
    expect(p95).toBeGreaterThan(3000);
    expect(p95).toBeLessThanOrEqual(5000);
    expect(quantileMs(emptyDurations().with(durationBoundsMs.length, 1), 0.5)).toBe(30_000);
  });
});
