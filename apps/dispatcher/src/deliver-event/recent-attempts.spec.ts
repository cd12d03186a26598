import { DeliveryAttempted } from '#libs/contracts';
import { RecentAttempts } from './recent-attempts.js';

const first = { deliveryId: 'dlv_1', attempt: 1 };
const report = Object.assign(new DeliveryAttempted(), { ...first, body: Buffer.from('ok') });

let made: number;
const make = (): Promise<DeliveryAttempted> => {
  made++;
  return Promise.resolve(report);
};

beforeEach(() => {
  made = 0;
});

describe('an attempt that is asked for twice', () => {
  it('is made once, and reported twice', async () => {
    const attempts = new RecentAttempts();
    const reports = [attempts.once(first, make), attempts.once(first, make)];
    expect(await Promise.all(reports)).toEqual([report, report]);
    expect(await attempts.once(first, make)).toBe(report);
    expect(made).toBe(1);
  });

  it('is made again when it could not be made', async () => {
    const attempts = new RecentAttempts();
    await expect(attempts.once(first, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await attempts.once(first, () => Promise.resolve(report))).toBe(report);
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
