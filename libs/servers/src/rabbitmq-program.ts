import { constants } from 'node:fs';
import { access, chmod, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { run } from './processes.js';
import type { Surroundings } from './server.js';

/** Debian's own; the wrapper it puts on the PATH insists on the system's user `rabbitmq`. */
const debianDirectory = '/usr/lib/rabbitmq/bin';
const serviceStartPolicy = '/usr/sbin/policy-rc.d';
const installDeadlineMs = 10 * 60_000;

/**
 * The program that starts a RabbitMQ node. Where root may install Debian packages a missing one is installed.
 * @throws an error that says what to install.
 */
export async function findRabbitMq(surroundings: Surroundings): Promise<string> {
  const directories = [debianDirectory, ...surroundings.searchPath.split(delimiter)];
  const found = await findProgram('rabbitmq-server', directories);
  if (found !== undefined) return found;
  const installer = await findProgram('apt-get', surroundings.searchPath.split(delimiter));
  if (installer === undefined || process.getuid?.() !== 0) throw new Error(whatToInstall);
  await install(surroundings);
  const installed = await findProgram('rabbitmq-server', directories);
  if (installed === undefined) throw new Error(whatToInstall);
  return installed;
}

export async function findEpmd({ searchPath }: Surroundings): Promise<string> {
  const found = await findProgram('epmd', searchPath.split(delimiter));
  if (found === undefined)
    throw new Error("Erlang's epmd is not on the PATH. It comes with RabbitMQ's Erlang.");
  return found;
}

const whatToInstall =
  'RabbitMQ is not here. Install it (Debian, Ubuntu: sudo apt-get install rabbitmq-server; macOS: brew install rabbitmq), or start Docker, or set RABBITMQ_URL.';

async function install({ say, searchPath }: Surroundings): Promise<void> {
  say(
    'RabbitMQ is not installed: installing the Debian package rabbitmq-server (its system service is not started) …',
  );
  const packages = [
    'install',
    '--yes',
    '--no-install-recommends',
    '-o',
    'DPkg::Lock::Timeout=300',
    'rabbitmq-server',
  ];
  const options = {
    env: { PATH: searchPath, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
    timeout: installDeadlineMs,
    maxBuffer: 64 * 1024 * 1024,
  };
  const forbidsServices = await forbidServiceStart();
  try {
    await aptGet(packages, options).catch(async () => {
      await aptGet(['update'], options);
      await aptGet(packages, options);
    });
  } catch (cause) {
    throw new Error(`apt-get could not install rabbitmq-server.\n${whatToInstall}`, { cause });
  } finally {
    if (forbidsServices) await rm(serviceStartPolicy, { force: true });
  }
}

/** With the usual umask: what a package installs is for all users, whatever ours is. */
function aptGet(args: readonly string[], options: { readonly env: NodeJS.ProcessEnv }): Promise<unknown> {
  return run('sh', ['-c', 'umask 022; exec apt-get "$@"', 'apt-get', ...args], options);
}

/** Debian starts a service as soon as it is installed, unless this file says no. False: there is a policy already. */
async function forbidServiceStart(): Promise<boolean> {
  try {
    await writeFile(serviceStartPolicy, '#!/bin/sh\nexit 101\n', { flag: 'wx' });
    await chmod(serviceStartPolicy, 0o755);
    return true;
  } catch {
    return false;
  }
}

async function findProgram(name: string, directories: readonly string[]): Promise<string | undefined> {
  for (const directory of directories) {
    const file = join(directory, name);
    const isProgram = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isProgram) return file;
  }
  return undefined;
}
