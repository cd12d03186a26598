import { spreadOf } from './spread.js';

describe('spreadOf', () => {
  it('takes the middle one of an odd number of runs, and the mean of the middle two of an even one', () => {
    expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 });
    expect(spreadOf([40, 10, 20, 30])).toEqual({ median: 25, min: 10, max: 40 });
  });

  it('takes a single run as it is', () => {
    expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 });
  });
});
