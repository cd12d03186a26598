import { deliveryStatuses } from '#libs/contracts';
import { fateOf, type Standing } from './fate-of.js';

const enabled = { deleted: false, enabled: true };
const standing = (changes: Partial<Standing> = {}): Standing => ({
  status: 'failed',
  isDue: false,
  hasPayload: true,
  ...changes,
});

describe('a delivery that is asked for again', () => {
  it.each(['failed', 'delivered', 'held'] as const)('goes if it is %s', (status) => {
    expect(fateOf(standing({ status }), enabled)).toBe('sent');
  });

  it.each(['pending', 'retrying'] as const)('goes now if it is %s and waits', (status) => {
    expect(fateOf(standing({ status, isDue: true }), enabled)).toBe('sent');
  });

  it.each(['pending', 'retrying'] as const)('is left alone if it is %s and in hand', (status) => {
    expect(fateOf(standing({ status }), enabled)).toBe('under_way');
  });

  it('is held while its destination is disabled', () => {
    expect(fateOf(standing(), { deleted: false, enabled: false })).toBe('held');
  });

  it.each(deliveryStatuses)('cannot go to a destination that was deleted, be it %s', (status) => {
    expect(fateOf(standing({ status }), { deleted: true, enabled: true })).toBe('deleted');
  });

  it('cannot go if it was cancelled', () => {
    expect(fateOf(standing({ status: 'cancelled' }), enabled)).toBe('deleted');
  });

  it('cannot go without its payload', () => {
    expect(fateOf(standing({ hasPayload: false }), enabled)).toBe('expired');
  });
});
