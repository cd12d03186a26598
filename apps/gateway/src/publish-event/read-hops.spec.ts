import { Problem } from '#libs/contracts';
import { readHops, readHopsOfMessage, withHops } from './read-hops.js';

const codeOf = (read: () => number): unknown => {
  try {
    return read();
  } catch (error) {
    return (error as Problem).code;
  }
};

describe('the header posthorn-hops', () => {
  it.each([
    [undefined, 0],
    ['0', 0],
    ['1', 1],
    [' 4 ', 4],
    ['004', 4],
    [4, 4],
    ['5', 'too_many_hops'],
    [5, 'too_many_hops'],
    ['99999999999999999999999999999999', 'too_many_hops'],
    ['', 'validation_failed'],
    ['-1', 'validation_failed'],
    [-1, 'validation_failed'],
    [1.5, 'validation_failed'],
    ['+1', 'validation_failed'],
    ['1e0', 'validation_failed'],
    ['0x1', 'validation_failed'],
    ['1, 1', 'validation_failed'],
    ['one', 'validation_failed'],
    [Number.NaN, 'validation_failed'],
    [true, 'validation_failed'],
    [null, 'validation_failed'],
    [['1'], 'validation_failed'],
    [Buffer.from('1'), 'validation_failed'],
  ])('with the value %p is read as %p', (value, expected) => {
    expect(codeOf(() => readHops(value))).toBe(expected);
  });

  it('of a message has no case, and counts by its highest value', () => {
    expect(readHopsOfMessage({})).toBe(0);
    expect(readHopsOfMessage({ 'Posthorn-Hops': 2, 'posthorn-hops': '3' })).toBe(3);
    expect(codeOf(() => readHopsOfMessage({ 'POSTHORN-HOPS': 5 }))).toBe('too_many_hops');
  });

  it('marks an event that it came with, and no other', () => {
    const event = { type: 'a.b', data: Buffer.from('1') };
    expect(withHops(event, 2)).toEqual({ ...event, hops: 2 });
    expect(withHops(event, 0)).toBe(event);
    const problem = new Problem('validation_failed', 'no');
    expect(withHops(problem, 2)).toBe(problem);
  });
});
