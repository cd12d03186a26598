import { RecentAttempts } from './recent-attempts.js';
import type { Attempt } from './report.js';

const first = { deliveryId: 'dlv_1', attempt: 1 };
const attempt: Attempt = {
  destinationVersion: 1,
  repeated: false,
  result: 'delivered',
  startedAt: '2026-01-31T00:00:00.000Z',
  durationMs: 12,
  body: Buffer.from([0x6f, 0x6b, 0x00, 0xff]),
};

let made: number;
const make = (): Promise<Attempt> => {
  made++;
  return Promise.resolve(attempt);
};

beforeEach(() => {
  made = 0;
});

describe('an attempt that is asked for twice', () => {
  it('is made once, and reported twice', async () => {
    const attempts = new RecentAttempts();
    const reports = [attempts.once(first, make), attempts.once(first, make)];
    expect(await Promise.all(reports)).toEqual([attempt, attempt]);
    expect(await attempts.once(first, make)).toEqual(attempt);
    expect(made).toBe(1);
  });

  it('is made again when it could not be made', async () => {
    const attempts = new RecentAttempts();
    await expect(attempts.once(first, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await attempts.once(first, () => Promise.resolve(attempt))).toBe(attempt);
  });

  it('is known from its beginning on, but not when it could not be made', async () => {
    const attempts = new RecentAttempts();
    expect(attempts.has(first)).toBe(false);
    const failing = attempts.once(first, () => Promise.reject(new Error('no')));
    expect(attempts.has(first)).toBe(true);
    await expect(failing).rejects.toThrow('no');
    expect(attempts.has(first)).toBe(false);
    await attempts.once(first, make);
    expect(attempts.has(first)).toBe(true);
  });

  it('is another one with another number', async () => {
    const attempts = new RecentAttempts();
    await attempts.once(first, make);
    await attempts.once({ ...first, attempt: 2 }, make);
    expect(made).toBe(2);
  });
});
