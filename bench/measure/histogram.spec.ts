import { Histogram } from './histogram.js';

function histogramOf(values: Iterable<number>): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('Histogram', () => {
  it('knows percentiles to a thousandth of their size, from microseconds to hours', () => {
    for (const unitMs of [0.001, 0.01, 1, 100, 3600]) {
      const values = Array.from({ length: 1000 }, (_, index) => (index + 1) * unitMs);
      const histogram = histogramOf(values.toReversed());
      for (const percent of [1, 50, 95, 99, 99.9]) {
        const exact = percent * 10 * unitMs;
        expect(Math.abs(histogram.percentile(percent) - exact)).toBeLessThanOrEqual(exact / 1000 + 0.0005);
      }
    }
  });

  it('keeps the largest value as it is', () => {
    expect(histogramOf([1, 2, 12_345.678]).summary).toMatchObject({ count: 3, max: 12_345.678 });
    expect(histogramOf([7.0001]).percentile(99)).toBeLessThanOrEqual(7.0001);
  });

  it('finds the one slow value of a hundred above p99, and the second below it', () => {
    const one = histogramOf([...Array<number>(99).fill(1), 500]);
    expect(one.percentile(99)).toBeCloseTo(1, 2);
    const two = histogramOf([...Array<number>(98).fill(1), 500, 500]);
    expect(two.percentile(99)).toBeCloseTo(500, 0);
  });

  it('says 0 of nothing', () => {
    expect(new Histogram().summary).toEqual({ count: 0, p50: 0, p95: 0, p99: 0, max: 0 });
  });
});
