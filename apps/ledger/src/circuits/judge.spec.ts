import type { AttemptResult } from '#libs/contracts';
import { judge } from './judge.js';

const closed = { failures: 0, open: false, version: 0 };
const opened = { failures: 5, open: true, version: 1 };
const unreachable = (times: number): AttemptResult[] => Array<AttemptResult>(times).fill('unreachable');

describe('a circuit', () => {
  it('opens with the fifth attempt in a row that got no answer', () => {
    expect(judge(closed, unreachable(4), 5)).toEqual({ failures: 4, open: false, version: 0 });
    expect(judge(judge(closed, unreachable(4), 5), unreachable(1), 5)).toEqual(opened);
  });

  it.each(['delivered', 'refused'] as const)('begins to count anew when an attempt is %s', (result) => {
    expect(judge(closed, [...unreachable(4), result, ...unreachable(4)], 5).open).toBe(false);
  });

  it.each(['delivered', 'refused'] as const)('closes when an attempt is %s', (result) => {
    expect(judge(opened, [result], 5)).toEqual({ failures: 0, open: false, version: 2 });
  });

  it('stays open while attempts get no answer', () => {
    expect(judge(opened, unreachable(1), 5)).toEqual({ failures: 6, open: true, version: 1 });
  });

  it('is not moved by an attempt that was blocked before it got to the endpoint', () => {
    expect(judge(closed, [...unreachable(4), 'blocked'], 5)).toMatchObject({ failures: 4 });
    expect(judge(opened, ['blocked'], 5)).toEqual(opened);
  });

  it('has not changed when it is as it was in the end', () => {
    expect(judge(closed, [...unreachable(5), 'delivered'], 5)).toEqual(closed);
  });
});
