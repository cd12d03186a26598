import { Problem } from '#libs/contracts';
import { AcceptEvent } from './accept-event.js';
import { PublishWindow } from './publish-window.js';
import { StoreEvent } from './store-event.js';
import type { Envelope } from './read-envelope.js';

const events = (count: number): Envelope[] =>
  Array.from({ length: count }, (_, n) => ({ id: `e-${n}`, type: 'a', data: Buffer.from('1') }));
const away = Object.assign(new Error('no confirm'), { transient: true });

/** A gateway whose broker confirms, or does not, as `confirm` has it. */
function gateway(confirm: (message: { eventId: string }) => Promise<void>): AcceptEvent {
  return new AcceptEvent(
    { check: () => undefined, mustBeAble: () => undefined } as never,
    new StoreEvent(
      { confirm } as never,
      new PublishWindow(),
      { PUBLISH_TIMEOUT_MS: 5000 } as never,
      { note: () => undefined } as never,
    ),
  );
}

describe('a batch of events', () => {
  it('is published whole before any confirm is waited for', async () => {
    let published = 0;
    const allPublished = Promise.withResolvers<void>();
    const doors = gateway(async () => {
      if (++published === 1000) allPublished.resolve();
      await allPublished.promise;
    });
    const results = await doors.acceptAll('t', events(1000), 'http');
    expect(results).toHaveLength(1000);
    expect(results[999]).toMatchObject({ id: 'e-999' });
  });

  it('says of each that was not confirmed that it is not certain', async () => {
    const refused = new Problem('validation_failed', 'no');
    const doors = gateway(async ({ eventId }) => {
      if (eventId === 'e-1') throw away;
    });
    const [first, second, third] = events(3);
    const results = await doors.acceptAll('t', [first!, second!, refused, third!], 'http');
    expect(results).toMatchObject([
      { id: 'e-0' },
      { code: 'unavailable' },
      { code: 'validation_failed' },
      { id: 'e-2' },
    ]);
  });

  it('is unavailable as a whole if none was confirmed', async () => {
    const doors = gateway(() => Promise.reject(away));
    const refused = new Problem('validation_failed', 'no');
    await expect(doors.acceptAll('t', [refused, ...events(2)], 'http')).rejects.toMatchObject({
      code: 'unavailable',
    });
  });

  it('has only its refusals told where nothing in it could be published', async () => {
    const refused = new Problem('validation_failed', 'no');
    await expect(gateway(() => Promise.reject(away)).acceptAll('t', [refused], 'http')).resolves.toEqual([
      refused,
    ]);
  });
});
