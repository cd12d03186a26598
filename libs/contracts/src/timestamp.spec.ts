import { validateSync } from 'class-validator';
import { IsMoment } from './requests/is-moment.js';
import { isTimestamp, IsTimestamp } from './timestamp.js';

class Times {
  @IsTimestamp() timestamp: string;
  @IsMoment() moment: string;
}

const isMoment = (moment: string): boolean =>
  validateSync(Object.assign(new Times(), { timestamp: '2026-01-31T12:00:00Z', moment })).length === 0;

const times = [
  '2026-01-31T12:00:00Z',
  '2026-01-31t12:00:00z',
  '2026-01-31T23:59:59.123456789+05:30',
  '2024-02-29T00:00:00Z',
  '2000-02-29T00:00:00-00:00',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-01-01T00:00:00+15:59',
  '2026-01-01T00:00:00-15:59',
];
const noTimes = [
  '2026-01-01T24:00:00Z',
  '2026-01-01T23:60:00Z',
  '2026-06-30T23:59:60Z',
  '2026-02-29T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '1900-02-29T00:00:00Z',
  '2026-04-31T12:00:00Z',
  '2026-00-10T00:00:00Z',
  '2026-13-10T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '2026-01-32T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+01:00',
  '9999-12-31T23:59:59-01:00',
  '2026-01-01T00:00:00+16:00',
  '2026-01-01T00:00:00+23:59',
  '2026-01-01T00:00:00+00:60',
  '2026-01-01T00:00:00.1234567890Z',
  '2026-01-01T00:00:00.Z',
  '2026-01-01T00:00:00,5Z',
  '2026-01-01T00:00:00+0100',
  '2026-01-01T00:00:00',
  '2026-01-01 00:00:00Z',
  '+002026-01-01T00:00:00Z',
  '２026-01-01T00:00:00Z',
  'yesterday',
  '',
];

describe('a timestamp', () => {
  it.each(times)('may be %s, also as a moment', (text) => {
    expect([isTimestamp(text), isMoment(text)]).toEqual([true, true]);
  });

  it.each(noTimes)('is not %s, nor is a moment', (text) => {
    expect([isTimestamp(text), isMoment(text)]).toEqual([false, false]);
  });

  it('is a text', () => {
    expect([undefined, null, 7, {}, ['2026-01-31T12:00:00Z']].some(isTimestamp)).toBe(false);
  });
});

describe('a moment', () => {
  it.each(['2026-01-31', '2024-02-29', '2026-01-31T12:00Z', '2026-01-31T12:00+02:00'])(
    'may be %s',
    (text) => {
      expect(isMoment(text)).toBe(true);
    },
  );

  it.each(['2026-02-29', '2026-02-30', '2026-01-31T24:00Z', '2026-01-31T12Z', '0000-01-01', '2026-01'])(
    'is not %s',
    (text) => {
      expect(isMoment(text)).toBe(false);
    },
  );
});
