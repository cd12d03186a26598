import { TestSlots } from './test-slots.js';

const test = (tenantId: string, destinationId: string) => ({ tenantId, destinationId });

describe('tests under way', () => {
  it('are one for a destination, and five for a tenant', () => {
    const slots = new TestSlots();
    const begun = ['d1', 'd2', 'd3', 'd4', 'd5'].map((id) => slots.begin(test('a', id)));
    expect(begun).not.toContain('tenant');
    expect(slots.begin(test('a', 'd1'))).toBe('destination');
    expect(slots.begin(test('a', 'd6'))).toBe('tenant');
    expect(slots.begin(test('b', 'd1'))).toEqual(expect.any(Function));
  });

  it('make room when they end', () => {
    const slots = new TestSlots();
    const end = slots.begin(test('a', 'd1'));
    if (typeof end !== 'function') throw new Error('The first test did not begin.');
    end();
    expect(slots.begin(test('a', 'd1'))).toEqual(expect.any(Function));
  });
});
