import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { freePorts } from '#libs/servers';
import { RunningPosthorn } from '#libs/testing';

/** What a reader types: the blocks that are marked as to be run, in their order, in one shell. */
function commandsOf(page: string): string {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```sh run\n(.*?)^```$/gms);
  return [...blocks].map(([, commands]) => commands).join('\n');
}

describe('the documentation', () => {
  let posthorn: RunningPosthorn;
  let shell: ChildProcess | undefined;

  beforeAll(async () => {
    posthorn = await RunningPosthorn.start('docs');
  }, 180_000);

  afterAll(async () => {
    // The shell and what it left running in the background.
    if (shell?.pid !== undefined) process.kill(-shell.pid);
    await posthorn.stop();
  }, 120_000);

  it('has a quickstart whose commands do what it says', async () => {
    const { receiver } = await freePorts(`${posthorn.directory}/receiver-port.json`, ['receiver']);
    const commands = commandsOf('docs/quickstart.md')
      .replaceAll('./.posthorn', posthorn.directory)
      .replaceAll('9000', String(receiver));
    // The last lines stand for the reader, who waits for both webhooks before looking at the history.
    const script = commands.replace(
      /^ID=/m,
      'until [ "$(grep -c ^verified "$LOG")" -ge 2 ]; do sleep 0.1; done\nID=',
    );
    const LOG = `${posthorn.directory}/quickstart.log`;
    shell = spawn('bash', ['-euo', 'pipefail', '-c', `exec > >(tee "$LOG") 2>&1\n${script}`], {
      env: { ...process.env, LOG },
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 60_000,
    });
    const [status] = await once(shell, 'exit');
    const said = readFileSync(LOG, 'utf8');
    expect({ status, said: status === 0 ? '' : said }).toEqual({ status: 0, said: '' });
    expect(said).toMatch(/^verified evt_\w+: \{"type":"invoice.paid".*"amount": 42\.0\}\}$/m);
    expect(said).toContain('verified in_2-paid: ');
    expect(said).toContain('"status":"delivered"');
  }, 90_000);
});
