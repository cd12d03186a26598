import type { Measurement } from '../measurement.js';
import { growthTableOf } from './growth-table.js';

describe('growthTableOf', () => {
  const state = (name: string, ...values: number[]) => ({
    name,
    what: 'events',
    count: 1000,
    grewInS: 2,
    measurements: values.map((value) => ({ figures: { 'a page, ms': value }, load: {} as Measurement })),
  });

  it('shows the median of each state, and marks what is not flat', () => {
    const lines = growthTableOf([state('small', 2, 4, 90), state('history', 4), state('tenants', 6)]).split(
      '\n',
    );
    expect(lines[0]).toBe('history: 1,000 events, in 2 s');
    expect(lines.at(-1)).toMatch(/^a page, ms\s+4\.0\s+4\.0 × 1\.00\s+6\.0 × 1\.50 !$/);
  });
});
