import { jest } from '@jest/globals';
import { TenantCalls } from './tenant-calls.js';

const mib = 1024 * 1024;

describe('calls of one tenant', () => {
  let calls: TenantCalls;
  let ends: ((bytes: number) => void)[];
  let refusals: unknown[];

  beforeEach(() => {
    jest.useFakeTimers();
    calls = new TenantCalls();
    ends = [];
    refusals = [];
  });
  afterEach(() => jest.useRealTimers());

  const begin = async (count: number, tenantId = 'a'): Promise<void> => {
    for (let call = 0; call < count; call++)
      void calls.begin(tenantId).then(
        (end) => ends.push(end),
        (error: unknown) => refusals.push(error),
      );
    await jest.advanceTimersByTimeAsync(0);
  };

  it('run two at once, and the next one begins when one ends', async () => {
    await begin(4);
    expect(ends).toHaveLength(2);
    ends[0]?.(100);
    ends[0]?.(100);
    await jest.advanceTimersByTimeAsync(0);
    expect(ends).toHaveLength(3);
  });

  it('delay no call of another tenant', async () => {
    await begin(100);
    await begin(2, 'b');
    expect(ends).toHaveLength(4);
  });

  it('wait until large answers are paid for at 2 MiB/s, beyond half a second', async () => {
    await begin(1);
    ends[0]?.(5 * mib);
    await begin(1);
    await jest.advanceTimersByTimeAsync(1990);
    expect(ends).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(20);
    expect(ends).toHaveLength(2);
  });

  it('are refused when 200 wait, and after 10 s of waiting', async () => {
    await begin(2 + 200);
    expect(() => calls.begin('a')).toThrow('Too many calls for this tenant');
    expect(refusals).toEqual([]);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(refusals).toHaveLength(200);
    for (const end of ends.splice(0)) end(0);
    await begin(2);
    expect(ends).toHaveLength(2);
  });
});
