import { eventIdOf, readEventId } from './event-names.js';

describe('the id of an event', () => {
  it('tells the sink where the event is to go', () => {
    const one = { run: 'x1', number: 12, tenant: 3, destination: 4 };
    const all = { ...one, destination: 'all' as const };
    expect(readEventId(eventIdOf(one))).toEqual(one);
    expect(readEventId(eventIdOf(all))).toEqual(all);
  });
});
