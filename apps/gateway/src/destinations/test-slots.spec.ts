import { TestSlots } from './test-slots.js';

const test = (tenantId: string, destinationId: string) => ({ tenantId, destinationId });

describe('tests under way', () => {
  it('are one for a destination, and five for a tenant', () => {
    const slots = new TestSlots();
    for (const id of ['d1', 'd2', 'd3', 'd4', 'd5']) slots.begin(test('a', id));
    expect(() => slots.begin(test('a', 'd1'))).toThrow('A test of this destination is under way.');
    expect(() => slots.begin(test('a', 'd6'))).toThrow('Five tests of this tenant are under way.');
    expect(slots.begin(test('b', 'd1'))).toEqual(expect.any(Function));
  });

  it('make room when they end', () => {
    const slots = new TestSlots();
    slots.begin(test('a', 'd1'))();
    expect(slots.begin(test('a', 'd1'))).toEqual(expect.any(Function));
  });
});
