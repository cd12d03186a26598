import { maxSigning, retire, rotate } from './rotate.js';

const now = new Date('2026-01-31T12:00:00.000Z');
const inMs = (ms: number): string => new Date(now.getTime() + ms).toISOString();
const row = { sealed_secrets: ['one'], retiring_secrets: [] };

describe('rotating a secret', () => {
  it('lets the old one sign beside the new one until the overlap is over', () => {
    expect(rotate(row, { sealed: 'two', overlapMs: 60_000, now })).toEqual({
      sealed_secrets: ['two'],
      retiring_secrets: [{ sealed: 'one', validUntil: inMs(60_000) }],
      retire_at: new Date(inMs(60_000)),
    });
  });

  it('ends all earlier ones at once without an overlap', () => {
    const before = { ...row, retiring_secrets: [{ sealed: 'zero', validUntil: inMs(5000) }] };
    expect(rotate(before, { sealed: 'two', overlapMs: 0, now })).toEqual({
      sealed_secrets: ['two'],
      retiring_secrets: [],
      retire_at: null,
    });
  });

  it('lets no earlier one sign for longer than the overlap, and none for longer than it was to', () => {
    const retiring_secrets = [
      { sealed: 'late', validUntil: inMs(90_000) },
      { sealed: 'soon', validUntil: inMs(10_000) },
      { sealed: 'over', validUntil: inMs(-1) },
    ];
    expect(rotate({ ...row, retiring_secrets }, { sealed: 'two', overlapMs: 60_000, now })).toMatchObject({
      retiring_secrets: [
        { sealed: 'one', validUntil: inMs(60_000) },
        { sealed: 'late', validUntil: inMs(60_000) },
        { sealed: 'soon', validUntil: inMs(10_000) },
      ],
      retire_at: new Date(inMs(10_000)),
    });
  });

  it(`lets no more than ${maxSigning} sign at once`, () => {
    const retiring_secrets = Array.from({ length: maxSigning - 1 }, (_, n) => ({
      sealed: `old ${n}`,
      validUntil: inMs(1000),
    }));
    const full = { ...row, retiring_secrets };
    expect(rotate(full, { sealed: 'two', overlapMs: 60_000, now })).toBeUndefined();
    expect(rotate(full, { sealed: 'two', overlapMs: 0, now })).toBeDefined();
    const oneOver = {
      ...row,
      retiring_secrets: [...retiring_secrets.slice(1), { sealed: 'x', validUntil: inMs(0) }],
    };
    expect(rotate(oneOver, { sealed: 'two', overlapMs: 60_000, now })).toBeDefined();
  });
});

describe('retiring secrets', () => {
  it('takes away those whose time is over, and says when the next one ends', () => {
    const retiring_secrets = [
      { sealed: 'signs', validUntil: inMs(1) },
      { sealed: 'over', validUntil: inMs(0) },
    ];
    expect(retire({ retiring_secrets }, now)).toEqual({
      retiring_secrets: [{ sealed: 'signs', validUntil: inMs(1) }],
      retire_at: new Date(inMs(1)),
    });
    expect(retire({ retiring_secrets: retiring_secrets.slice(0, 1) }, now)).toBeUndefined();
  });
});
