import { decide } from './decide.js';

const timetable = { scheduleMs: [5000, 300_000], start: 0, jitter: 0.2 };
const middle = (): number => 0.5;

describe('after an attempt', () => {
  it('a delivered event is done', () => {
    expect(decide({ result: 'delivered', attempt: 2 }, timetable)).toEqual({ status: 'delivered' });
  });

  it.each(['refused', 'unreachable', 'blocked'] as const)(
    'one that was %s is tried again by the schedule',
    (result) => {
      expect(decide({ result, attempt: 1 }, timetable, middle)).toEqual({
        status: 'retrying',
        dueInMs: 5000,
      });
      expect(decide({ result, attempt: 2 }, timetable, middle)).toEqual({
        status: 'retrying',
        dueInMs: 300_000,
      });
    },
  );

  it('a used-up schedule ends in failure', () => {
    expect(decide({ result: 'refused', attempt: 3 }, timetable)).toEqual({ status: 'failed' });
  });

  it('one that was sent again goes by the schedule from its beginning', () => {
    const again = { ...timetable, start: 3 };
    expect(decide({ result: 'refused', attempt: 4 }, again, middle)).toMatchObject({ dueInMs: 5000 });
    expect(decide({ result: 'refused', attempt: 5 }, again, middle)).toMatchObject({ dueInMs: 300_000 });
    expect(decide({ result: 'refused', attempt: 6 }, again)).toEqual({ status: 'failed' });
  });

  it.each([1, 3])('410 Gone keeps the delivery, on attempt %i', (attempt) => {
    expect(decide({ result: 'refused', statusCode: 410, attempt }, timetable)).toEqual({ status: 'held' });
  });

  it('waits differ by chance within the jitter', () => {
    expect(decide({ result: 'refused', attempt: 1 }, timetable, () => 0).dueInMs).toBe(4000);
    expect(decide({ result: 'refused', attempt: 1 }, timetable, () => 1).dueInMs).toBe(6000);
  });

  it('waits at least as long as Retry-After asks, within a day', () => {
    const asking = (retryAfterS: number) =>
      decide({ result: 'refused', attempt: 1, retryAfterS }, timetable, middle).dueInMs;
    expect(asking(60)).toBe(60_000);
    expect(asking(1)).toBe(5000);
    expect(asking(1_000_000)).toBe(86_400_000);
  });
});
