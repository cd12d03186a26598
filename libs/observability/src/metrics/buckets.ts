const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Of work that is done at once: handlers, statements, confirms, requests. In seconds. */
export const workBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Of what may wait for a timetable: from a millisecond to the days that a schedule of retries takes. In seconds. */
export const latencyBuckets = [
  ...workBuckets,
  MINUTE,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  6 * HOUR,
  DAY,
  3 * DAY,
  7 * DAY,
];
