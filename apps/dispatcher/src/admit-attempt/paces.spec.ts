import { Paces } from './paces.js';

describe("a destination's pace", () => {
  it.each([
    [999, 'quick'],
    [1000, 'slow'],
  ])('after %i ms', (durationMs, pace) => {
    const paces = new Paces();
    expect(paces.of('dst_1')).toBe('unknown');
    paces.learn('dst_1', durationMs);
    expect(paces.of('dst_1')).toBe(pace);
    expect(paces.of('dst_2')).toBe('unknown');
  });

  it('is forgiven with the next quick end', () => {
    const paces = new Paces();
    paces.learn('dst_1', 10_000);
    paces.learn('dst_1', 10);
    expect(paces.of('dst_1')).toBe('quick');
  });

  it('has a mean that goes up at once and down step by step', () => {
    const paces = new Paces();
    for (const durationMs of [10, 10_000, 10]) paces.learn('dst_1', durationMs);
    expect(paces.meanMs('dst_1')).toBe(8002);
  });

  it('is slow before an attempt has ended that hangs', () => {
    const paces = new Paces();
    paces.suspect('dst_1');
    expect(paces.of('dst_1')).toBe('slow');
  });
});
