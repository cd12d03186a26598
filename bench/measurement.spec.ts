import { timesOf } from './measurement.js';

const span = { fromMs: 100, toMs: 200 };

function times(intended: number[], acknowledged: number[], arrived: number[], fanOut = 1) {
  return timesOf(
    { fanOut },
    { intendedMs: Float64Array.from(intended), acknowledgedMs: Float64Array.from(acknowledged), refused: 0 },
    { times: Float64Array.from(arrived), received: 0, duplicated: 0, unexpected: 0 },
    span,
  );
}

describe('timesOf', () => {
  it('counts latency from when an event was to be published', () => {
    const { publish, receipt } = times([110, 120], [115, 150], [140, 170]);
    expect(publish).toMatchObject({ count: 2, max: 30 });
    expect(receipt).toMatchObject({ count: 2, max: 50 });
  });

  it('counts the rate by what arrived while it was measured, and not by what was published', () => {
    const { deliveriesPerS, receipt } = times([50, 110, 190], [60, 120, 195], [150, 160, 250]);
    expect(deliveriesPerS).toBe(20);
    expect(receipt.count).toBe(2);
  });

  it('takes as lost what was acknowledged and did not arrive, but not what was refused', () => {
    expect(times([110, 120], [115, NaN], [NaN, NaN]).lost).toBe(1);
    expect(times([110, 120], [115, 125], [130]).lost).toBe(1);
    expect(times([110], [115], [130, NaN, 140], 3).lost).toBe(1);
  });
});
