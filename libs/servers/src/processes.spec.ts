import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, isRunning, type RunningProcess, startProcess } from './processes.js';
import { waitUntil } from './readiness.js';

describe('a process we start', () => {
  const directory = mkdtempSync(join(tmpdir(), 'processes-'));
  const logFile = join(directory, 'log');
  const start = (script: string): Promise<RunningProcess> =>
    startProcess(['/bin/sh', '-c', script], { environment: { PATH: '/usr/bin:/bin' }, logFile });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('writes what it says to its log, and tells how it ended', async () => {
    const { gone } = await start('echo said; exit 3');
    expect(await gone).toBe('exit code 3');
    expect(readFileSync(logFile, 'utf8')).toBe('said\n');
  });

  it('ends when it is asked to', async () => {
    const { id, gone } = await start('exec sleep 60');
    await endProcess(id, 'SIGTERM', 10_000);
    expect(await gone).toBe('SIGTERM');
    expect(await isRunning(id)).toBe(false);
  });

  it('is killed if it does not listen', async () => {
    const { id, gone } = await start("trap '' TERM; echo deaf; while true; do sleep 1; done");
    const isDeaf = async (): Promise<boolean> => readFileSync(logFile, 'utf8').includes('deaf');
    await waitUntil(isDeaf, { failure: 'not deaf', deadlineMs: 5000, gone });
    await endProcess(id, 'SIGTERM', 200);
    expect(await gone).toBe('SIGKILL');
  });

  it('is not taken for another one that has its number now', async () => {
    const { id } = await start('exec sleep 60');
    const earlier = { pid: id.pid, bornAt: 'earlier' };
    await endProcess(earlier, 'SIGKILL', 0);
    expect(await isRunning(id)).toBe(true);
    await endProcess(id, 'SIGKILL', 10_000);
  });

  it('fails clearly when there is no such program', async () => {
    const missing = startProcess(['/no/such/program'], { environment: {}, logFile });
    await expect(missing).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
