import { randomUUID } from 'node:crypto';
import { environment } from '../broker/fresh-vhost.js';
import { inDatabase } from './in-database.js';

export interface FreshDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database of the test server for one spec alone. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const adminUrl = environment('TEST_DATABASE_URL');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = async (statement: string): Promise<void> => {
    await inDatabase(adminUrl, (client) => client.query(statement));
  };
  await admin(`create database ${name}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.toString(), drop: () => admin(`drop database ${name} with (force)`) };
}
