import { randomBytes, randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '#libs/servers';
import { type KeyName, type ServiceName, services } from './services.js';

/** Generated once for each clone and kept, readable by its owner only. */
export interface Secrets {
  readonly rootKey: string;
  readonly masterKey: string;
  readonly keyPepper: string;
  readonly postgresPassword: string;
  readonly rabbitMqPassword: string;
  readonly publisherPassword: string;
  readonly grafanaPassword: string;
  /** By which the nodes of a RabbitMQ cluster know each other. */
  readonly erlangCookie: string;
  /** A service's own: of its role in Postgres, and of its user in RabbitMQ where it has one. */
  readonly rolePasswords: Readonly<Record<ServiceName, string>>;
}

/** The key that a service reads from this variable. */
export function keyOf(secrets: Pick<Secrets, 'rootKey' | 'masterKey' | 'keyPepper'>, name: KeyName): string {
  const keys: Readonly<Record<KeyName, string>> = {
    POSTHORN_ROOT_KEY: secrets.rootKey,
    POSTHORN_MASTER_KEY: secrets.masterKey,
    POSTHORN_KEY_PEPPER: secrets.keyPepper,
  };
  return keys[name];
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export async function loadSecrets(file: string): Promise<Secrets> {
  const kept = await read(file);
  const fresh = generate();
  // What is new in this version is added to what an earlier one has generated.
  const secrets = { ...fresh, ...kept, rolePasswords: { ...fresh.rolePasswords, ...kept.rolePasswords } };
  writeFileAtomically(file, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

function generate(): Secrets {
  const rolePasswords = Object.fromEntries(services.map(({ name }) => [name, base62(32)]));
  return {
    rootKey: `phk_root_${base62(32)}`,
    masterKey: randomBytes(32).toString('base64'),
    keyPepper: base62(32),
    postgresPassword: base62(32),
    rabbitMqPassword: base62(32),
    publisherPassword: base62(32),
    grafanaPassword: base62(32),
    erlangCookie: base62(32),
    rolePasswords: rolePasswords as Record<ServiceName, string>,
  };
}

async function read(file: string): Promise<Partial<Secrets>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Partial<Secrets>;
  } catch (error) {
    // Anything else must not replace the key with which the data is sealed.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read.`, { cause: error });
  }
}

function base62(length: number): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}
