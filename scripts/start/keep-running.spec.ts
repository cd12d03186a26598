import { keepRunning, type Mortal } from './keep-running.js';

/** Everything that was asked of a keeping: each thing it started can be ended, and its pauses take no time. */
function keeping() {
  const ends: ((reason: string) => void)[] = [];
  const lines: string[] = [];
  const pauses: number[] = [];
  const abort = new AbortController();
  return {
    lines,
    pauses,
    abort,
    started: () => ends.length,
    end: async (reason: string) => {
      ends.at(-1)?.(reason);
      await new Promise(setImmediate);
    },
    keep: (fails: (start: number) => boolean = () => false) =>
      keepRunning<Mortal>({
        name: 'router',
        start: async () => {
          const gone = new Promise<string>((resolve) => ends.push(resolve));
          if (fails(ends.length)) throw new Error('port taken');
          return { gone };
        },
        onStarted: () => undefined,
        say: (line) => lines.push(line),
        signal: abort.signal,
        pause: async (ms) => pauses.push(ms),
      }),
  };
}

describe('keeping a process running', () => {
  it('starts at once what has ended, and says why it ended', async () => {
    const { keep, end, started, lines, pauses } = keeping();
    await keep();
    await end('SIGKILL');
    expect(started()).toBe(2);
    expect(lines).toEqual(['router ended (SIGKILL); starting it again now']);
    expect(pauses).toEqual([0]);
  });

  it('waits before it starts again what ends again and again', async () => {
    const { keep, end, started, pauses } = keeping();
    await keep();
    for (let time = 0; time < 3; time += 1) await end('exit code 1');
    expect(started()).toBe(4);
    expect(pauses).toEqual([0, 500, 1000]);
  });

  it('tries again when a start fails', async () => {
    const { keep, end, started, lines } = keeping();
    await keep((start) => start === 2);
    await end('SIGKILL');
    expect(started()).toBe(3);
    expect(lines.at(-1)).toBe('router ended (port taken); starting it again in 0.5 s');
  });

  it('leaves alone what ends after the keeping has ended', async () => {
    const { keep, end, started, lines, abort } = keeping();
    await keep();
    abort.abort();
    await end('SIGTERM');
    expect(started()).toBe(1);
    expect(lines).toEqual([]);
  });

  it('passes the failure of the first start on', async () => {
    await expect(keeping().keep(() => true)).rejects.toThrow('port taken');
  });
});
