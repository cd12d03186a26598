import { Refusals } from './refusals.js';

const allowed = { exchange: 'posthorn', routingKey: 'allowed' };
const forbidden = { exchange: 'posthorn.queues', routingKey: 'forbidden' };

describe('Refusals', () => {
  it('refuses the address that was alone on the channel when RabbitMQ closed it', () => {
    const refusals = new Refusals();
    refusals.closedWith([forbidden, forbidden], 0);
    expect(refusals.isRefused(forbidden, 1)).toBe(true);
    expect(refusals.isRefused(allowed, 1)).toBe(false);
    expect(refusals.isProbing).toBe(false);
  });

  it('probes several, until each is confirmed or refused', () => {
    const refusals = new Refusals();
    refusals.closedWith([allowed, forbidden], 0);
    expect(refusals.isProbing).toBe(true);
    expect(refusals.isRefused(forbidden, 1)).toBe(false);
    refusals.settled(allowed);
    expect(refusals.isProbing).toBe(true);
    refusals.closedWith([forbidden], 1);
    expect(refusals.isProbing).toBe(false);
    expect(refusals.isRefused(forbidden, 2)).toBe(true);
  });

  it('tries an address again a minute after its refusal', () => {
    const refusals = new Refusals();
    refusals.closedWith([forbidden], 0);
    expect(refusals.isRefused(forbidden, 59_999)).toBe(true);
    expect(refusals.isRefused(forbidden, 60_000)).toBe(false);
  });
});
