import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { run } from './processes.js';
import type { ServerSettings, Surroundings } from './server.js';

const answerDeadlineMs = 5000;
const pullDeadlineMs = 180_000;
const stopGraceS = 15;
const commandDeadlineMs = 60_000;
/** Tells a container made from the same description, which may be started again, from one that must be made anew. */
const descriptionLabel = 'posthorn.description';
const keyLabel = 'posthorn.key';

export const images = { postgres: 'postgres:17', rabbitmq: 'rabbitmq:4-management' } as const;

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly volumeAt: string;
  /** Port in the container → port of 127.0.0.1. */
  readonly ports: Readonly<Record<number, number>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
  readonly command?: readonly string[];
}

export async function dockerAnswers(): Promise<boolean> {
  return succeeds(
    run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: answerDeadlineMs }),
  );
}

/** Whether all the images are here, or came when they were asked for. */
export async function dockerHasImages(names: readonly string[], say: Surroundings['say']): Promise<boolean> {
  for (const image of names) {
    if (await succeeds(run('docker', ['image', 'inspect', image], { timeout: answerDeadlineMs }))) continue;
    say(`Pulling the image ${image} …`);
    if (!(await succeeds(run('docker', ['pull', '--quiet', image], { timeout: pullDeadlineMs }))))
      return false;
  }
  return true;
}

/** The same state directory finds its containers and volumes again; another one, however similar, has others. */
export function containerName({ directory }: Pick<ServerSettings, 'directory'>): string {
  const path = resolve(directory);
  return `posthorn-${createHash('sha256').update(path).digest('hex').slice(0, 12)}-${basename(path)}`;
}

/** Starts a container, the existing one if it is of the same description. Returns its id. */
export async function startContainer(container: Container): Promise<string> {
  const description = fingerprint(container);
  const { name } = container;
  await prepareVolume(container);
  const existing = await docker(
    'inspect',
    '--format',
    `{{index .Config.Labels "${descriptionLabel}"}}`,
    name,
  ).catch(() => undefined);
  if (existing === description) await docker('start', name);
  else {
    if (existing !== undefined) await removeContainer(name);
    await docker(...creation(container, description));
  }
  return docker('inspect', '--format', '{{.Id}}', name);
}

/**
 * A volume that another password opens was left by a state directory that is gone, and the password with it: its data
 * can never be read again, and it is made anew.
 */
async function prepareVolume({ name, environment }: Container): Promise<void> {
  const key = fingerprint(environment);
  const format = `{{index .Labels "${keyLabel}"}}`;
  const existing = await docker('volume', 'inspect', '--format', format, name).catch(() => undefined);
  if (existing === key) return;
  if (existing !== undefined) {
    await removeContainer(name);
    await docker('volume', 'rm', name);
  }
  await docker('volume', 'create', '--label', `${keyLabel}=${key}`, name);
}

/** Settles when the container has ended. */
export async function containerEnd(id: string): Promise<string> {
  const { stdout } = await run('docker', ['wait', id]).catch(() => ({ stdout: 'unknown' }));
  return `exit code ${stdout.trim()}`;
}

export async function stopContainer(name: string): Promise<void> {
  await docker('stop', '-t', String(stopGraceS), name).catch(() => undefined);
}

/** Its volume, with the data, stays. */
export async function endContainer(name: string): Promise<void> {
  await stopContainer(name);
  await removeContainer(name);
}

/** Forgets a server that ran in Docker, with its data. */
export async function removeDockerServer(settings: Pick<ServerSettings, 'directory'>): Promise<void> {
  const name = containerName(settings);
  await removeContainer(name);
  await docker('volume', 'rm', '--force', name).catch(() => undefined);
}

export async function containerLog(name: string): Promise<string> {
  const { stdout, stderr } = await run('docker', ['logs', '--tail', '20', name]).catch(() => ({
    stdout: '',
    stderr: '',
  }));
  return stdout + stderr;
}

function creation(container: Container, description: string): string[] {
  const { name, image, volumeAt, ports, environment, options = [], command = [] } = container;
  const published = Object.entries(ports).flatMap(([inside, outside]) => [
    '--publish',
    `127.0.0.1:${outside}:${inside}`,
  ]);
  const variables = Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  const identity = [
    '--name',
    name,
    '--label',
    `${descriptionLabel}=${description}`,
    '--volume',
    `${name}:${volumeAt}`,
  ];
  return [
    'run',
    '--detach',
    '--pull',
    'never',
    ...identity,
    ...published,
    ...variables,
    ...options,
    image,
    ...command,
  ];
}

function fingerprint(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

async function removeContainer(name: string): Promise<void> {
  await docker('rm', '--force', name).catch(() => undefined);
}

async function docker(...args: readonly string[]): Promise<string> {
  return (await run('docker', args, { timeout: commandDeadlineMs })).stdout.trim();
}

async function succeeds(command: Promise<unknown>): Promise<boolean> {
  return command.then(
    () => true,
    () => false,
  );
}
