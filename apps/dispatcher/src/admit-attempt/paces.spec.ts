import { Paces } from './paces.js';

describe("a destination's pace", () => {
  it.each([
    ['a quick answer', { isAnswered: true, durationMs: 999 }, 'quick'],
    ['an answer that took a second', { isAnswered: true, durationMs: 1000 }, 'slow'],
    ['no answer, however quickly', { isAnswered: false, durationMs: 1 }, 'slow'],
  ])('after %s', (_, ending, pace) => {
    const paces = new Paces();
    expect(paces.of('dst_1')).toBe('unknown');
    paces.learn('dst_1', ending);
    expect(paces.of('dst_1')).toBe(pace);
    expect(paces.of('dst_2')).toBe('unknown');
  });

  it('is forgiven with the next quick answer', () => {
    const paces = new Paces();
    paces.learn('dst_1', { isAnswered: false, durationMs: 10_000 });
    paces.learn('dst_1', { isAnswered: true, durationMs: 10 });
    expect(paces.of('dst_1')).toBe('quick');
  });

  it('is slow before an attempt has ended that hangs', () => {
    const paces = new Paces();
    paces.suspect('dst_1');
    expect(paces.of('dst_1')).toBe('slow');
  });
});
