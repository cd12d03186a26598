import { standingOfWaiting } from './standing-of-waiting.js';

const enabled = { version: 2, deleted: false, enabled: true };
const disabled = { version: 2, deleted: false, enabled: false };
const deleted = { version: 2, deleted: true, enabled: true };

describe('a delivery that cannot be tried now', () => {
  it('waits a second, or as long as it is said, for a reason of a newer dispatcher', () => {
    const reason = 'brand_new' as 'at_limit';
    expect(standingOfWaiting(reason, 2, enabled)).toEqual({ status: 'pending', dueInMs: 1000 });
    expect(standingOfWaiting(reason, 2, enabled, 300)).toEqual({ status: 'pending', dueInMs: 300 });
  });

  it('is held while its destination is disabled', () => {
    expect(standingOfWaiting('destination_disabled', 2, disabled)).toEqual({ status: 'held' });
    expect(standingOfWaiting('destination_disabled', 2, undefined)).toEqual({ status: 'held' });
  });

  it('goes at once when the destination has been enabled since', () => {
    expect(standingOfWaiting('destination_disabled', 1, enabled)).toEqual({ status: 'pending', dueInMs: 0 });
  });

  it('stays held when the ledger has not heard of the disabling yet', () => {
    expect(standingOfWaiting('destination_disabled', 3, enabled)).toEqual({ status: 'held' });
  });

  it('is cancelled when its destination is deleted, whoever knows of it first', () => {
    expect(standingOfWaiting('destination_deleted', 3, undefined)).toEqual({ status: 'cancelled' });
    expect(standingOfWaiting('destination_disabled', 1, deleted)).toEqual({ status: 'cancelled' });
  });

  it('is tried again in a second when the dispatcher does not know the destination yet', () => {
    expect(standingOfWaiting('destination_unknown', 0, undefined)).toEqual({
      status: 'pending',
      dueInMs: 1000,
    });
    expect(standingOfWaiting('destination_unknown', 2, enabled)).toEqual({
      status: 'pending',
      dueInMs: 1000,
    });
  });

  it('goes by its lane at once when a circuit was open, and when there may be room again after a limit', () => {
    expect(standingOfWaiting('circuit_open', 2, enabled)).toEqual({ status: 'pending', dueInMs: 0 });
    expect(standingOfWaiting('at_limit', 2, enabled)).toEqual({ status: 'pending', dueInMs: 0 });
    expect(standingOfWaiting('at_limit', 1, enabled, 250)).toEqual({ status: 'pending', dueInMs: 250 });
  });

  it('is held by the disabling that the ledger knows of, whatever else kept it from being tried', () => {
    expect(standingOfWaiting('circuit_open', 1, disabled)).toEqual({ status: 'held' });
    expect(standingOfWaiting('at_limit', 1, disabled)).toEqual({ status: 'held' });
  });
});
