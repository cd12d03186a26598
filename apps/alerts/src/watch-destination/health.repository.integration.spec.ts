import { create, DeliveryAttempted, type DestinationChanged } from '#libs/contracts';
import type { Database } from '#libs/persistence';
import { destinationChanged, migratedDatabase } from '#libs/testing';
import { migrations } from '../../migrations/index.js';
import type { AlertsTables } from '../alerts.tables.js';
import { ProjectDestinationHandler } from '../project-destination/project-destination.handler.js';
import type { Health } from './health.js';
import { HealthRepository, type Todo } from './health.repository.js';

const policy = { disableAfterMs: 60_000, recoveredAfterFailures: 3 };

let database: Database<AlertsTables>;
let drop: () => Promise<void>;
let repository: HealthRepository;

beforeEach(async () => {
  ({ database, drop } = await migratedDatabase<AlertsTables>({ schema: 'alerts', migrations }));
  repository = new HealthRepository(database);
});

afterEach(() => drop());

const attempt = (second: number, changes: Partial<DeliveryAttempted> = {}): DeliveryAttempted =>
  create(DeliveryAttempted, {
    deliveryId: `dlv_${second}`,
    tenantId: 't',
    eventId: `e${second}`,
    eventType: 'a.b',
    destinationId: 'dst_1',
    destinationVersion: 1,
    attempt: 1,
    repeated: false,
    acceptedAt: new Date(0).toISOString(),
    startedAt: new Date(second * 1000).toISOString(),
    durationMs: 1,
    result: 'refused',
    statusCode: 500,
    body: Buffer.alloc(0),
    ...changes,
  });
const success = (second: number, changes: Partial<DeliveryAttempted> = {}): DeliveryAttempted =>
  attempt(second, { result: 'delivered', statusCode: 200, ...changes });

const change = (fields: Partial<DestinationChanged>): Promise<void> =>
  new ProjectDestinationHandler(database).project([destinationChanged(fields)]);

const take = (...attempts: readonly DeliveryAttempted[]): Promise<Todo[]> =>
  repository.take(attempts, policy);
const health = async (id = 'dst_1'): Promise<Health | undefined> =>
  database.run(
    async (db) =>
      (await db.selectFrom('health').selectAll().where('destination_id', '=', id).executeTakeFirst())?.health,
  );

describe('the health of a destination', () => {
  it('counts each failure since the last success once, in whatever order and however often it is reported', async () => {
    await take(attempt(7), attempt(3), success(2), attempt(7));
    await take(attempt(6), success(5), attempt(1));
    await take(attempt(1), attempt(7), attempt(6), success(2), attempt(3));
    expect(await health()).toMatchObject({ failures: 2, failingSinceMs: 6000, lastSuccessMs: 5000 });
  });

  it('is kept right by several processes at once', async () => {
    const all = Array.from({ length: 60 }, (_, index) =>
      attempt(index + 1, { destinationId: `dst_${index % 3}` }),
    );
    const batches = Array.from({ length: 12 }, (_, index) => all.slice(index * 5, index * 5 + 5));
    await Promise.all([...batches, ...batches.toReversed()].map((batch) => repository.take(batch, policy)));
    const counts = await Promise.all(['dst_0', 'dst_1', 'dst_2'].map(health));
    expect(counts.map((one) => one?.failures)).toEqual([20, 20, 20]);
  });

  it('begins anew when the destination is enabled, and is forgotten when it is deleted', async () => {
    await change({});
    await take(attempt(1), attempt(2));
    await change({ version: 3, renewedVersion: 3 });
    await take(attempt(3), attempt(4, { destinationVersion: 3 }));
    expect(await health()).toMatchObject({ failures: 1, failingSinceMs: 4000 });
    await change({ version: 4, deleted: true });
    expect(await health()).toBeUndefined();
  });
});

describe('a decision', () => {
  const gone = attempt(1, { statusCode: 410 });

  it('is there to be carried out until it is done, whenever its destination is looked at', async () => {
    await change({});
    const [todo] = await take(gone);
    expect(todo).toMatchObject({
      tenantId: 't',
      destinationId: 'dst_1',
      url: 'https://example.com/hooks',
      decision: { kind: 'disable', ifVersion: 1 },
    });
    expect(await take(gone)).toEqual([todo]);
    await repository.done(todo!, 1);
    expect(await take(gone)).toEqual([]);
  });

  it('to disable is made although the news of the destination is still on its way', async () => {
    expect(await take(attempt(1, { statusCode: 410, destinationVersion: 2 }))).toMatchObject([
      { url: undefined, decision: { kind: 'disable', ifVersion: 2 } },
    ]);
  });

  it('that it has recovered is made once, after Posthorn disabled it and its owner enabled it', async () => {
    await change({});
    const [disabling] = await take(attempt(1), attempt(61));
    expect(disabling?.decision).toMatchObject({ kind: 'disable', consecutiveFailures: 2 });
    await repository.done(disabling!, 1);
    await change({ version: 3, renewedVersion: 3 });
    const fine = [success(70, { destinationVersion: 3 }), success(71, { destinationVersion: 3 })];
    const todo = await take(...fine);
    expect(todo.map(({ decision }) => decision)).toMatchObject([{ kind: 'recover', wasDisabled: true }]);
    await repository.done(todo[0]!);
    expect(await take(...fine)).toEqual([]);
  });
});
