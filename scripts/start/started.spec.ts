import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning, type ProcessId, startProcess } from '#libs/servers';
import { StartedThings } from './started.js';

describe('what was started', () => {
  const directory = mkdtempSync(join(tmpdir(), 'started-'));
  const file = join(directory, 'started.json');
  const ends: string[] = [];

  const start = async (things: StartedThings, name: string): Promise<ProcessId> => {
    const options = { environment: { PATH: '/usr/bin:/bin' }, logFile: join(directory, 'log') };
    const { id, gone } = await startProcess(['/bin/sh', '-c', 'exec sleep 60'], options);
    things.add({ kind: 'process', name, process: id, signal: 'SIGTERM' });
    void gone.then(() => ends.push(name));
    return id;
  };

  beforeEach(() => ends.splice(0));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is ended in order: the services, then RabbitMQ, then Postgres', async () => {
    const things = new StartedThings(file);
    for (const name of ['postgres', 'rabbitmq', 'router']) await start(things, name);
    await things.end();
    expect(ends).toEqual(['router', 'rabbitmq', 'postgres']);
  });

  it('is found by another process when the one that started it was killed', async () => {
    const router = await start(new StartedThings(file), 'router');
    expect(await new StartedThings(file).end()).toEqual(['router']);
    expect(await isRunning(router)).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  it('is only the last one of a name: those before it have ended', async () => {
    const things = new StartedThings(file);
    things.add({
      kind: 'process',
      name: 'router',
      process: { pid: 1, bornAt: 'long ago' },
      signal: 'SIGTERM',
    });
    await start(things, 'router');
    expect(await things.end()).toEqual(['router']);
  });

  it('may be nothing', async () => {
    expect(await new StartedThings(file).end()).toEqual([]);
  });
});
