import { joined } from './joined.js';

describe('byte strings in one parameter', () => {
  it('begin where the one before ends, counted from 1 and in bytes', () => {
    const parts = ['ä', '', 'bc'].map((text) => Buffer.from(text));
    expect(joined(parts)).toEqual({ bytes: Buffer.from('äbc'), startsAt: [1, 3, 3], lengths: [2, 0, 2] });
  });

  it('may be none', () => {
    expect(joined([])).toEqual({ bytes: Buffer.alloc(0), startsAt: [], lengths: [] });
  });
});
