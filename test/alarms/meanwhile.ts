import { setTimeout as delay } from 'node:timers/promises';
import { Inspector, type RunningPosthorn, until } from '#libs/testing';
import { BrokerSurgery } from '../faults/broker-surgery.js';
import { DatabaseSurgery } from '../faults/database-surgery.js';

export const tenant = 't';
/** More than a service has connections to Postgres. */
const askers = 12;

/** The broker answers, and so does everything behind the API. */
export async function untilWhole(posthorn: RunningPosthorn): Promise<void> {
  await new BrokerSurgery(posthorn).isBack();
  for (const path of [`/tenants/${tenant}`, '/parked', `/tenants/${tenant}/deliveries?limit=1`])
    await until(
      `an answer of ${path}`,
      async () => (await posthorn.call('GET', path).catch(() => undefined))?.status === 200,
      90_000,
    );
}

/** Does `again` over and over until the work has ended. */
export async function whileRepeating(
  again: () => Promise<unknown>,
  work: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const repeating = (async () => {
    while (!over.signal.aborted) await again();
  })();
  try {
    await Promise.race([work(), repeating]);
  } finally {
    over.abort();
    await repeating;
  }
}

export function whilePublishing(
  posthorn: RunningPosthorn,
  eventTypes: readonly string[],
  work: () => Promise<void>,
): Promise<void> {
  const publish = async (): Promise<void> => {
    for (const type of eventTypes) await posthorn.publish(tenant, { type, data: 1 });
    await delay(100);
  };
  return whileRepeating(publish, work);
}

/** Whatever the answers are; each asker at once again, so that there is always one that waits. */
export async function whileAsking(
  posthorn: RunningPosthorn,
  path: string,
  work: () => Promise<void>,
): Promise<void> {
  const ask = (): Promise<unknown> => posthorn.call('GET', path).catch(() => undefined);
  const done = work();
  await Promise.all(Array.from({ length: askers }, () => whileRepeating(ask, () => done)));
}

export async function whileHanging(
  posthorn: RunningPosthorn,
  service: string,
  work: () => Promise<void>,
): Promise<void> {
  const { pid } = posthorn.service(service);
  process.kill(pid, 'SIGSTOP');
  await work().finally(() => process.kill(pid, 'SIGCONT'));
}

/** It does other work for all but a twentieth of its time: it answers, and late. */
export async function whileBusy(
  posthorn: RunningPosthorn,
  service: string,
  work: () => Promise<void>,
): Promise<void> {
  const inspector = await Inspector.open(posthorn, service);
  const run = (expression: string): Promise<unknown> => inspector.send('Runtime.evaluate', { expression });
  await run(
    'globalThis.circles = setInterval(() => { const end = Date.now() + 95; while (Date.now() < end); }, 100)',
  );
  try {
    await work();
  } finally {
    await run('clearInterval(globalThis.circles)');
    inspector.close();
  }
}

/** `exclusive`: others can read the table meanwhile, and not write to it. */
export async function whileLocked(
  posthorn: RunningPosthorn,
  { table, mode }: { readonly table: string; readonly mode: 'exclusive' | 'access exclusive' },
  work: () => Promise<void>,
): Promise<void> {
  const lock = new DatabaseSurgery(posthorn).lock([table], mode);
  await lock.begin();
  try {
    await work();
  } finally {
    await lock.end();
  }
}
