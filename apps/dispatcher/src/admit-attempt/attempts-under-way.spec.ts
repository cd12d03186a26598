import { partitionOf } from '#libs/contracts';
import { AttemptsUnderWay } from './attempts-under-way.js';

const place = { destinationId: 'dst_1', tenantId: 't', pace: 'slow' } as const;
const elsewhere = Array.from({ length: 20 }, (_, index) => `dst_${index}`).find(
  (id) => partitionOf(id) !== partitionOf('dst_1'),
)!;

describe('attempts under way', () => {
  it('are counted for their destination, and for their tenant in their partition', () => {
    const underWay = new AttemptsUnderWay();
    underWay.begin(place, 10);
    underWay.begin({ ...place, tenantId: 'u', pace: 'quick' }, 10);
    expect(underWay.of(place)).toEqual({
      destination: 2,
      partition: { quick: 1, unknown: 0, slow: 1 },
      tenant: { quick: 0, unknown: 0, slow: 1 },
    });
    expect(underWay.of({ ...place, destinationId: elsewhere })).toMatchObject({
      destination: 0,
      partition: { slow: 0 },
      tenant: { slow: 0 },
    });
  });

  it('end once, however often it is said', () => {
    const underWay = new AttemptsUnderWay();
    const end = underWay.begin(place, 10);
    underWay.begin(place, 10);
    end();
    end();
    expect(underWay.of(place)).toMatchObject({ destination: 1, partition: { slow: 1 } });
  });

  it('fit as long as no destination has more of them than it is allowed', () => {
    const underWay = new AttemptsUnderWay();
    const end = underWay.begin(place, 2);
    underWay.begin(place, 2);
    expect(underWay.fit((limit) => limit)).toBe(true);
    expect(underWay.fit((limit) => limit / 2)).toBe(false);
    end();
    expect(underWay.fit((limit) => limit / 2)).toBe(true);
  });
});
