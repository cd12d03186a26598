import { Problem } from '#libs/contracts';
import { RecentEvents } from './recent-events.js';

const event = { tenantId: 't', eventId: 'e' };
const notFound = new Problem('not_found', 'There is no such event.');

/** Answers from the call of that number on. */
const foundAt = (number: number) => {
  let calls = 0;
  return async (): Promise<string> => {
    if (++calls < number) throw notFound;
    return `found at ${calls}`;
  };
};

describe('an event that was accepted here', () => {
  const recent = new RecentEvents();
  recent.note(event);

  it('is read again until it is recorded', async () => {
    await expect(recent.read(event, foundAt(3))).resolves.toBe('found at 3');
  });

  it('is not found where it is not recorded within a second', async () => {
    const startedAt = performance.now();
    await expect(recent.read(event, foundAt(100))).rejects.toMatchObject({ code: 'not_found' });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('is read once where another tenant or id is meant, or the failure is another one', async () => {
    for (const other of [
      { ...event, tenantId: 'u' },
      { ...event, eventId: 'f' },
    ])
      await expect(recent.read(other, foundAt(2))).rejects.toBe(notFound);
    const away = new Problem('unavailable', 'Not now.');
    let calls = 0;
    const failing = async () => {
      calls++;
      throw away;
    };
    await expect(recent.read(event, failing)).rejects.toBe(away);
    expect(calls).toBe(1);
  });

  it('keeps no more than a hundred callers waiting', async () => {
    const reads = Array.from({ length: 150 }, () => recent.read(event, foundAt(2)));
    const answers = await Promise.allSettled(reads);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
  });
});
