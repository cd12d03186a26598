import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { freePorts, images, postgresAnswers, waitUntil } from '#libs/servers';
import { docker, quietly } from './docker.js';

const container = 'posthorn-fault-small-disk';
const dataAt = '/var/lib/postgresql/data';
const ballast = `${dataAt}/ballast`;
const sizeMiB = 600;
const startDeadlineMs = 120_000;
/** A full disk can end all of Postgres. Here its data is gone with the container, so it is started again within it. */
const startAgainAndAgain =
  'while :; do docker-entrypoint.sh postgres -c max_connections=200 -c max_wal_size=128MB 2>&1; sleep 1; done';

/** A Postgres in Docker whose data is on a small disk of its own. */
export class SmallDisk {
  private constructor(readonly databaseUrl: string) {}

  static async start(): Promise<SmallDisk> {
    const { postgres } = await freePorts(resolve('.posthorn', 'test', 'small-disk-port.json'), ['postgres']);
    const password = randomBytes(16).toString('hex');
    const disk = new SmallDisk(`postgresql://posthorn:${password}@127.0.0.1:${postgres}/postgres`);
    disk.stop();
    const variables = { POSTGRES_USER: 'posthorn', POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres' };
    const environment = Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const mount = ['--tmpfs', `${dataAt}:size=${sizeMiB}m`];
    const publish = ['--publish', `127.0.0.1:${postgres}:5432`];
    const command = ['sh', '-c', startAgainAndAgain];
    const identity = ['--name', container, '--pull', 'never'];
    docker('run', '--detach', ...identity, ...mount, ...publish, ...environment, images.postgres, ...command);
    await waitUntil(() => postgresAnswers(disk.databaseUrl), {
      failure: 'The Postgres with a small disk does not answer',
      deadlineMs: startDeadlineMs,
      gone: new Promise(() => undefined),
    });
    return disk;
  }

  /** To the last byte. */
  fill(): void {
    docker('exec', container, 'sh', '-c', `dd if=/dev/zero of=${ballast} bs=1M 2>/dev/null; sync`);
  }

  free(): void {
    docker('exec', container, 'rm', ballast);
  }

  /** What Postgres has said since its start. */
  get log(): string {
    return docker('logs', container);
  }

  /** Nothing of it is left. */
  stop(): void {
    quietly('rm', '--force', '--volumes', container);
  }
}
