import { BackOff } from './back-off.js';

const delays = (lives: readonly number[]): number[] => {
  const backOff = new BackOff();
  return lives.map((life) => backOff.delayMs(life));
};

describe('the back-off of a supervised process', () => {
  it('starts again at once what ends for the first time', () => {
    expect(delays([10])).toEqual([0]);
  });

  it('waits longer each time while it keeps ending, up to 10 seconds', () => {
    expect(delays([1, 1, 1, 1, 1, 1, 1, 1])).toEqual([0, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  });

  it('begins anew after 3 seconds of life', () => {
    expect(delays([1, 1, 1, 3000, 1])).toEqual([0, 500, 1000, 0, 500]);
  });
});
