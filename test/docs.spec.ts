import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { freePorts } from '#libs/servers';
import { RunningPosthorn, until } from '#libs/testing';

/** What a reader types: the blocks that are marked as to be run, in their order, in one shell. */
function commandsOf(page: string): string {
  const blocks = readFileSync(page, 'utf8').matchAll(/^```sh run\n(.*?)^```$/gms);
  return [...blocks].map(([, commands]) => commands).join('\n');
}

/** The answers that a page shows below its calls, as `# 202 {"id":…}` or `# confirmed`: `…` stands for anything. */
function answersOf(commands: string): RegExp[] {
  const shown = commands.matchAll(/^# (?:2\d\d (\{.*)|(confirmed))$/gm);
  return [...shown].map(([, body, word]) => {
    const escaped = (body ?? word ?? '').replace(/[^\w…]/g, String.raw`\$&`);
    return new RegExp(escaped.replaceAll('…', '.*'), 'm');
  });
}

/** Each call has to succeed. */
const prelude = 'curl() { command curl -sS --fail-with-body "$@"; echo; }';

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
    // These lines stand for the reader, who takes longer than a shell between one block and the next.
    const script = commands
      .replace(/^EVENT=/m, 'until grep -q "^listening on" "$LOG"; do sleep 0.1; done\n$&')
      .replace(/^ID=/m, 'until [ "$(grep -c ^verified "$LOG")" -ge 2 ]; do sleep 0.1; done\n$&')
      .replace(
        /^api GET.*deliveries.*$/m,
        'until [[ "$($&)" == *\'"status":"delivered"\'* ]]; do sleep 0.1; done\n$&',
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

  describe('beyond the quickstart', () => {
    let values: Record<string, string>;

    const run = (page: string): string => {
      const commands = commandsOf(`docs/${page}.md`)
        .replaceAll('./.posthorn', posthorn.directory)
        .replaceAll('@photo.png', `@${posthorn.directory}/photo.png`);
      const said = execFileSync('bash', ['-euo', 'pipefail', '-c', `${prelude}\n${commands}`], {
        env: { ...process.env, ...values },
        encoding: 'utf8',
        timeout: 60_000,
      });
      for (const answer of answersOf(commands)) expect(said).toMatch(answer);
      return said;
    };

    beforeAll(async () => {
      writeFileSync(`${posthorn.directory}/photo.png`, Buffer.from('89504e470d0a1a0a', 'hex'));
      await posthorn.call('PUT', '/tenants/acme', { name: 'Acme' });
      const destination = await posthorn.subscribe('acme', {
        url: 'http://127.0.0.1:1/nobody-listens-here',
        eventTypes: ['order.placed'],
      });
      const eventId = await posthorn.publish('acme', { type: 'order.placed', data: {} });
      const deliveries = await until('the delivery is known', async () => {
        const { body } = await posthorn.call<{ data: { id: string; status: string }[] }>(
          'GET',
          `/tenants/acme/deliveries?eventId=${eventId}`,
        );
        return body.data[0]?.status === 'retrying' ? body.data : undefined;
      });
      values = {
        API: posthorn.run.apiUrl,
        KEY: posthorn.run.apiKey,
        DESTINATION_ID: destination.id,
        EVENT_ID: eventId,
        DELIVERY_ID: deliveries[0]?.id ?? '',
      };
    }, 60_000);

    it('has calls that publish what it says, over HTTP and AMQP', async () => {
      run('publishing');
      await until('all of it is in the history', async () => {
        const ids = ['in_1-paid', 'photo-1', 'in_3-paid'];
        const found = await Promise.all(ids.map((id) => posthorn.call('GET', `/tenants/acme/events/${id}`)));
        return found.every(({ status }) => status === 200);
      });
    }, 60_000);

    it('has calls that deliver again', () => {
      expect(run('replay')).toContain('"dryRun":true');
    }, 60_000);

    it('has calls that make a key and change a secret', () => {
      expect(run('security')).toMatch(/"key":"phk_\w+"/);
      expect(run('destinations')).toMatch(/"secret":"whsec_/);
    }, 60_000);
  });
});
