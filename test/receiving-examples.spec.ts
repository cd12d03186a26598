import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { Secret } from '#libs/config';
import { freePorts } from '#libs/servers';
import { generateSecret, parseSecret, webhookHeaders } from '#libs/signing';

const examples = [
  {
    language: 'TypeScript',
    command: process.execPath,
    args: [resolve('docs/examples/receiver.ts')],
    version: '--version',
    ed25519: true,
  },
  {
    language: 'Python',
    command: 'python3',
    args: [resolve('docs/examples/receiver.py')],
    version: '--version',
    ed25519: false,
  },
  {
    language: 'Go',
    command: 'go',
    args: ['run', resolve('docs/examples/receiver.go')],
    version: 'version',
    ed25519: true,
  },
];
const body = Buffer.from(
  '{"type":"invoice.paid","timestamp":"2026-01-31T12:00:00Z","data":{"amount":1.0,"name":"Ærø"}}',
);
const nowS = (): number => Math.floor(Date.now() / 1000);

for (const { language, command, args, version, ed25519 } of examples) {
  const isHere = spawnSync(command, [version]).status === 0;
  const describeIfHere = isHere ? describe : describe.skip;
  const why = isHere ? '' : ` (skipped: there is no ${command} on this machine)`;

  describeIfHere(`the receiver in ${language} of docs/examples${why}`, () => {
    const started: ChildProcess[] = [];
    const printed: string[] = [];

    afterEach(() => {
      // With what it started itself: `go run` is not the receiver.
      for (const { pid } of started.splice(0)) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    });

    const start = async (key: string): Promise<string> => {
      const { port } = await freePorts(resolve('.posthorn/test', `example-${language}.json`), ['port']);
      const child = spawn(command, args, {
        env: { ...process.env, WEBHOOK_KEY: key, PORT: String(port) },
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      });
      started.push(child);
      const lines = createInterface({ input: child.stdout });
      await once(lines, 'line');
      lines.on('line', (line) => printed.push(line));
      return `http://127.0.0.1:${port}/`;
    };
    const statusOf = async (url: string, headers: object, sent = body): Promise<number> =>
      (await fetch(url, { method: 'POST', headers: { ...headers }, body: sent })).status;
    const signed = (id: string, secrets: Secret[], timestampS = nowS()) =>
      webhookHeaders({ id, timestampS, body, secrets });

    it('takes what is signed, once, also during a rotation, and nothing else', async () => {
      const [secret, other] = [generateSecret(), generateSecret()];
      const url = await start(secret.reveal());
      expect(await statusOf(url, signed('evt_1', [secret]))).toBe(204);
      expect(await statusOf(url, signed('evt_1', [secret]))).toBe(204);
      expect(await statusOf(url, signed('evt_2', [other, secret]))).toBe(204);
      expect(await statusOf(url, signed('evt_3', [other]))).toBe(401);
      expect(
        await statusOf(url, signed('evt_4', [secret]), Buffer.from(body.toString().replace('1.0', '1'))),
      ).toBe(401);
      expect(await statusOf(url, signed('evt_5', [secret], nowS() - 600))).toBe(401);
      expect(await statusOf(url, { ...signed('evt_6', [secret]), 'webhook-id': 'evt_7' })).toBe(401);
      expect(await statusOf(url, {})).toBe(401);
      expect(printed).toEqual(['invoice.paid', 'invoice.paid']);
    }, 120_000);

    if (!ed25519) return;
    it('checks ed25519 with nothing but the public key', async () => {
      const secret = generateSecret('ed25519');
      const url = await start(parseSecret(secret)?.publicKey ?? '');
      expect(await statusOf(url, signed('evt_1', [secret]))).toBe(204);
      expect(await statusOf(url, signed('evt_2', [generateSecret('ed25519')]))).toBe(401);
      expect(await statusOf(url, signed('evt_3', [generateSecret()]))).toBe(401);
    }, 120_000);
  });
}
