import { setTimeout as delay } from 'node:timers/promises';
import { amqpAnswers } from '#libs/servers';
import { type RunningPosthorn, until } from '#libs/testing';
import { Client } from 'pg';

export const tenant = 't';
/** More than a service has connections to Postgres. */
const askers = 12;

/** The broker answers, and so does everything behind the API. */
export async function untilWhole(posthorn: RunningPosthorn): Promise<void> {
  await until('RabbitMQ to be back', () => amqpAnswers(posthorn.run.amqpUrl), 90_000);
  for (const path of [`/tenants/${tenant}`, '/parked', `/tenants/${tenant}/deliveries?limit=1`])
    await until(
      `an answer of ${path}`,
      async () => (await posthorn.call('GET', path).catch(() => undefined))?.status === 200,
      90_000,
    );
}

export async function whilePublishing(
  posthorn: RunningPosthorn,
  eventTypes: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const publishing = (async () => {
    while (!over.signal.aborted) {
      for (const type of eventTypes) await posthorn.publish(tenant, { type, data: 1 });
      await delay(100);
    }
  })();
  try {
    await Promise.race([work(), publishing]);
  } finally {
    over.abort();
    await publishing;
  }
}

export async function whileAsking(
  posthorn: RunningPosthorn,
  path: string,
  work: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const asking = Array.from({ length: askers }, async () => {
    while (!over.signal.aborted) await posthorn.call('GET', path).catch(() => undefined);
  });
  await work().finally(() => over.abort());
  await Promise.all(asking);
}

export async function whileHanging(
  posthorn: RunningPosthorn,
  service: string,
  work: () => Promise<void>,
): Promise<void> {
  const pid = posthorn.run.services.find(({ name }) => name === service)?.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  await work().finally(() => process.kill(pid, 'SIGCONT'));
}

/** Exclusive: others can read the table meanwhile, and not write to it. */
export async function whileLocked(
  posthorn: RunningPosthorn,
  { table, mode }: { readonly table: string; readonly mode: 'exclusive' | 'access exclusive' },
  work: () => Promise<void>,
): Promise<void> {
  await inDatabase(posthorn, async (db) => {
    await db.query('begin');
    await db.query(`lock table ${table} in ${mode} mode`);
    try {
      await work();
    } finally {
      await db.query('rollback');
    }
  });
}

export async function inDatabase(
  posthorn: RunningPosthorn,
  work: (db: Client) => Promise<unknown>,
): Promise<void> {
  const db = new Client({ connectionString: posthorn.run.databaseUrl });
  await db.connect();
  try {
    await work(db);
  } finally {
    await db.end();
  }
}
