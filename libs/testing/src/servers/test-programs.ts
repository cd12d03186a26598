import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  freePorts,
  removeServerData,
  startPostgres,
  startRabbitMq,
  type Started,
  type Surroundings,
} from '#libs/servers';
import { whenInterrupted } from './when-interrupted.js';
import type { TestServers } from './test-servers.js';

const portNames = ['amqp', 'management', 'prometheus', 'distribution', 'epmd', 'postgres'] as const;

export async function startTestPrograms(searchPath: string, say: Surroundings['say']): Promise<TestServers> {
  const directory = await mkdtemp(join(tmpdir(), 'posthorn-test-'));
  // So that the user `postgres` can go through it to its data.
  await chmod(directory, 0o711);
  const ports = await freePorts(join(directory, 'ports.json'), portNames);
  const started: Started[] = [];
  const surroundings: Surroundings = { searchPath, say, onStarted: (one) => started.push(one) };
  const goOn = whenInterrupted(() => {
    started.forEach(kill);
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  const settings = (name: string, user: string) => ({
    directory: join(directory, name),
    logFile: join(directory, `${name}.log`),
    user,
    password: 'test',
    ports,
    isThrowaway: true,
  });
  const servers = [
    startRabbitMq('native', settings('rabbitmq', 'test'), surroundings),
    startPostgres('native', settings('postgres', 'postgres'), surroundings),
  ] as const;
  const stop = async (): Promise<void> => {
    await Promise.allSettled(servers.map(async (server) => (await server).stop()));
    await removeServerData('native', settings('postgres', 'postgres'));
    await rm(directory, { recursive: true, force: true });
    goOn();
  };
  const [rabbitmq, postgres] = await Promise.all(servers).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    kind: 'native',
    amqpUrl: rabbitmq.url,
    managementUrl: rabbitmq.managementUrl ?? '',
    databaseUrl: postgres.url,
    stop,
  };
}

function kill(started: Started): void {
  if (started.kind !== 'process') return;
  try {
    process.kill(started.process.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
