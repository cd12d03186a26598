import { register } from 'prom-client';
import { Readings } from './readings.js';

const shown = async (): Promise<string[]> =>
  (await register.metrics()).split('\n').filter((line) => line.startsWith('waiting_'));

describe('readings', () => {
  afterEach(() => register.clear());

  const readings = (everyMs?: number) =>
    new Readings<'all' | 'byQueue'>(
      {
        all: { name: 'waiting_all', help: 'All.' },
        byQueue: { name: 'waiting_by_queue', help: 'Each.', labels: ['queue'] },
      },
      everyMs,
    );

  it('asks one question for all gauges of a scrape, and shows what it was answered', async () => {
    let asked = 0;
    readings(60_000).from(() => {
      asked++;
      return { all: 3, byQueue: [[{ queue: 'a' }, 1] as const, [{ queue: 'b' }, 2] as const] };
    });
    await shown();
    expect(await shown()).toEqual([
      'waiting_all 3',
      'waiting_by_queue{queue="a"} 1',
      'waiting_by_queue{queue="b"} 2',
    ]);
    expect(asked).toBe(1);
  });

  it('shows nothing rather than what was true once', async () => {
    const gauges = readings(0);
    let isThere = true;
    gauges.from(() => {
      if (isThere) return { all: 3, byQueue: [[{ queue: 'a' }, 1] as const] };
      throw new Error('away');
    });
    expect(await shown()).toHaveLength(2);
    isThere = false;
    expect(await shown()).toEqual([]);
  });

  it('shows nothing before there is somebody to ask', async () => {
    readings();
    expect(await shown()).toEqual([]);
  });
});
