import { Client } from 'pg';
import type { Secrets } from './secrets.js';
import { dataOwners, type DataOwner } from './services.js';

const database = 'posthorn';

export interface Databases {
  /** For administrators. */
  readonly adminUrl: string;
  /** A service's own: it logs in with its own role and sees its own schema. */
  readonly ofService: Readonly<Record<DataOwner, string>>;
}

/** One database; for each service that owns data a login role, and a schema that is the role's. May be run again. */
export async function provisionPostgres(
  serverUrl: string,
  { rolePasswords }: Pick<Secrets, 'rolePasswords'>,
): Promise<Databases> {
  await inDatabase(serverUrl, createDatabase);
  const adminUrl = withDatabase(serverUrl, database);
  await inDatabase(adminUrl, async (client) => {
    for (const owner of dataOwners) await createRoleAndSchema(client, owner, rolePasswords[owner]);
  });
  const urls = dataOwners.map((owner) => [owner, withLogin(adminUrl, roleOf(owner), rolePasswords[owner])]);
  return { adminUrl, ofService: Object.fromEntries(urls) as Databases['ofService'] };
}

/** A database that the user brought is used by every service as it is: each makes its own schema in it. */
export async function externalDatabases(url: string): Promise<Databases> {
  await inDatabase(url, () => Promise.resolve()).catch((cause: unknown) => {
    throw new Error(`DATABASE_URL: ${(cause as Error).message || 'no Postgres answers'}`, { cause });
  });
  return {
    adminUrl: url,
    ofService: Object.fromEntries(dataOwners.map((owner) => [owner, url])) as Databases['ofService'],
  };
}

async function createDatabase(client: Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
  if (rowCount === 0) await client.query(`create database ${database}`);
}

/** Postgres gives nobody else any right on a new schema, so none has to be taken away. */
async function createRoleAndSchema(client: Client, owner: DataOwner, password: string): Promise<void> {
  const role = client.escapeIdentifier(roleOf(owner));
  const schema = client.escapeIdentifier(owner);
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [roleOf(owner)]);
  if (rowCount === 0) await client.query(`create role ${role}`);
  await client.query(`alter role ${role} login password ${client.escapeLiteral(password)}`);
  await client.query(`alter role ${role} in database ${database} set search_path = ${schema}`);
  await client.query(`create schema if not exists ${schema} authorization ${role}`);
  await createTenantRole(client, owner);
}

/**
 * With which a service answers the requests of a tenant. The service looks for it by this name, and says itself what it
 * may see of the schema.
 */
async function createTenantRole(client: Client, owner: DataOwner): Promise<void> {
  const name = `${roleOf(owner)}_tenant`;
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (rowCount === 0) await client.query(`create role ${client.escapeIdentifier(name)}`);
  await client.query(`grant ${client.escapeIdentifier(name)} to ${client.escapeIdentifier(roleOf(owner))}`);
}

function roleOf(owner: DataOwner): string {
  return `posthorn_${owner}`;
}

async function inDatabase(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

function withLogin(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
