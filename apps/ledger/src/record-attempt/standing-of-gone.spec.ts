import { standingOfGone } from './standing-of-gone.js';

const known = (version: number, enabled: boolean) => ({ version, enabled, deleted: false });

describe('a delivery whose endpoint answered 410 Gone', () => {
  it('is held while the destination is as it was tried, or disabled since', () => {
    expect(standingOfGone(3, undefined)).toEqual({ status: 'held' });
    expect(standingOfGone(3, known(3, true))).toEqual({ status: 'held' });
    expect(standingOfGone(3, known(4, false))).toEqual({ status: 'held' });
  });

  it('is tried at once if the destination was changed since, and is enabled', () => {
    expect(standingOfGone(3, known(4, true))).toEqual({ status: 'retrying', dueInMs: 0 });
  });

  it('is cancelled if the destination is deleted', () => {
    expect(standingOfGone(3, { ...known(4, false), deleted: true })).toEqual({ status: 'cancelled' });
  });
});
