import { ArrivalLog } from './arrivals.js';

const note = { bytes: 100, atMs: 5 };

describe('ArrivalLog', () => {
  it('notes the first arrival of each delivery, and counts the second as duplicated', () => {
    const log = new ArrivalLog({ run: 'a', fanOut: 1, payloadBytes: 100 });
    log.note('a-2-0-7', '/0/7', note);
    log.note('a-2-0-7', '/0/7', { ...note, atMs: 9 });
    expect(log.arrivals).toMatchObject({ received: 1, duplicated: 1, unexpected: 0 });
    expect([...log.arrivals.times]).toEqual([NaN, NaN, 5]);
  });

  it('tells the deliveries of one event to several destinations apart', () => {
    const log = new ArrivalLog({ run: 'a', fanOut: 10, payloadBytes: 100 });
    log.note('a-1-3-all', '/3/0', note);
    log.note('a-1-3-all', '/3/9', note);
    expect(log.arrivals).toMatchObject({ received: 2, duplicated: 0 });
    expect(log.arrivals.times[10]).toBe(5);
    expect(log.arrivals.times[19]).toBe(5);
  });

  it('counts what came to another destination, to another tenant, or cut short', () => {
    const log = new ArrivalLog({ run: 'a', fanOut: 1, payloadBytes: 100 });
    log.note('a-0-0-7', '/0/8', note);
    log.note('a-0-0-7', '/1/7', note);
    log.note('a-0-0-7', '/0/7', { ...note, bytes: 99 });
    expect(log.arrivals).toMatchObject({ received: 0, unexpected: 3 });
  });

  it('leaves out what is of another run', () => {
    const log = new ArrivalLog({ run: 'b', fanOut: 1, payloadBytes: 100 });
    log.note('a-0-0-7', '/0/7', note);
    expect(log.arrivals).toMatchObject({ received: 0, duplicated: 0, unexpected: 0 });
  });
});
