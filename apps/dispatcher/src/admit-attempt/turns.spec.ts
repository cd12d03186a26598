import { Turns } from './turns.js';

const room = { line: 'a', soonestMs: 100, everyMs: 50, latestMs: 30_000 };

describe('those who are sent away', () => {
  it('come back one after another, not before there may be room', () => {
    const turns = new Turns();
    expect([0, 0, 0].map(() => turns.next(room, 1000))).toEqual([100, 150, 200]);
    expect(turns.next(room, 1100)).toBe(150);
    expect(turns.next(room, 9000)).toBe(100);
  });

  it('do not wait for those of another line', () => {
    const turns = new Turns();
    turns.next(room, 1000);
    expect(turns.next({ ...room, line: 'b' }, 1000)).toBe(100);
  });

  it('look again in time however many are before them', () => {
    const turns = new Turns(() => 0);
    const waits = Array.from({ length: 1000 }, () => turns.next(room, 0));
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    expect(waits.at(-1)).toBe(15_000);
  });
});
