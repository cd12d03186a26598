import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePorts } from './free-ports.js';
import { isRunning } from './processes.js';
import { managementHeaders } from './readiness.js';
import type { Server, Started } from './server.js';
import { startPostgres, startRabbitMq } from './start-server.js';

const deadlineMs = 120_000;
const names = ['amqp', 'management', 'prometheus', 'distribution', 'epmd', 'postgres'] as const;
/** Where it is missing it is not installed for a test's sake. */
const isRabbitMqThere = existsSync('/usr/lib/rabbitmq/bin/rabbitmq-server');
const withRabbitMq = isRabbitMqThere ? describe : describe.skip;
if (!isRabbitMqThere)
  process.stdout.write('skipped: RabbitMQ as a program, as rabbitmq-server is not installed\n');

describe('servers that run as programs of this machine', () => {
  const started: Started[] = [];
  const surroundings = {
    searchPath: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
    say: () => undefined,
    onStarted: (one: Started) => started.push(one),
  };
  let directory: string;
  let ports: Awaited<ReturnType<typeof freePorts<(typeof names)[number]>>>;
  const settings = (name: string, user: string) => ({
    directory: join(directory, name),
    logFile: join(directory, `${name}.log`),
    user,
    password: 'secret',
    ports,
  });

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'posthorn-servers-'));
    await chmod(directory, 0o711);
    ports = await freePorts(join(directory, 'ports.json'), names);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const kill = async (server: Server): Promise<void> => {
    process.kill(server.pid!, 'SIGKILL');
    await server.gone;
  };
  const stillRunning = async (): Promise<string[]> => {
    const running = started.map(async (one) =>
      one.kind === 'process' && (await isRunning(one.process)) ? [one.name] : [],
    );
    return (await Promise.all(running)).flat();
  };

  it(
    'Postgres that was killed starts again with its data, even if its lock file names a living process',
    async () => {
      const start = (): Promise<Server> =>
        startPostgres('native', settings('postgres', 'postgres'), surroundings);
      const first = await start();
      await query(first.url, 'create table kept (value text)');
      await kill(first);
      await writeFile(join(directory, 'postgres', 'data', 'postmaster.pid'), `${process.pid}\n`);

      const second = await start();
      expect(await query(second.url, 'select count(*)::int as rows from kept')).toEqual([{ rows: 0 }]);
      await second.stop();
      expect(await stillRunning()).toEqual([]);
    },
    deadlineMs,
  );

  withRabbitMq('RabbitMQ', () => {
    it(
      'that was killed starts again with its data, and leaves nothing behind',
      async () => {
        const start = (): Promise<Server> =>
          startRabbitMq('native', settings('rabbitmq', 'admin'), surroundings);
        const first = await start();
        const user = (server: Server, init: RequestInit): Promise<Response> =>
          fetch(`${server.managementUrl}/api/users/kept`, {
            ...init,
            headers: { ...managementHeaders(server.url), 'content-type': 'application/json' },
          });
        await user(first, { method: 'PUT', body: JSON.stringify({ password: 'x', tags: '' }) });
        await kill(first);

        const second = await start();
        expect(second.managementUrl).toBe(first.managementUrl);
        expect((await user(second, {})).status).toBe(200);
        await second.stop();
        expect(await stillRunning()).toEqual([]);
      },
      deadlineMs,
    );
  });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
