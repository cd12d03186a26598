import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { ApiDocument, type Operation } from './api/api-document.js';
import { bodiesNaming } from './api/bodies-naming.js';
import { Caller, namesIn, pathOf } from './api/caller.js';
import { makeTenantWorld, type TenantWorld } from './api/tenant-world.js';

const timedRounds = 15;
const tenantScopes = [
  'events:write',
  'events:read',
  'destinations:write',
  'destinations:read',
  'secrets:read',
];

/**
 * Of each operation of the document: what one tenant's key gets for what is another tenant's, named in the path, the
 * query, the body or a cursor.
 */
describe('two tenants', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;
  let document: ApiDocument;
  let own: TenantWorld;
  let foreign: TenantWorld;
  let nowhere: TenantWorld;
  /** The tenant `own`, with a key that may do all that a tenant's key may, and with one that says `admin`. */
  let tenant: Caller;
  let admin: Caller;
  let operator: Caller;
  let before: unknown;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('tenants-apart', {
      API_RATE_PER_KEY: '0',
      API_RATE_PER_TENANT: '0',
    });
    document = await ApiDocument.read(posthorn.run.apiUrl);
    own = await makeTenantWorld(posthorn, receiver, 'own');
    foreign = await makeTenantWorld(posthorn, receiver, 'foreign');
    nowhere = Object.fromEntries(Object.entries(foreign).map(([name, id]) => [name, somethingLike(id)]));
    const callerWith = async (...scopes: readonly string[]): Promise<Caller> => {
      const { body } = await posthorn.call<{ key: string }>('POST', '/api-keys', { scopes, tenantId: 'own' });
      return new Caller(posthorn.run.apiUrl, body.key);
    };
    tenant = await callerWith(...tenantScopes);
    admin = await callerWith('admin');
    operator = new Caller(posthorn.run.apiUrl, posthorn.run.apiKey);
    before = await thingsOf(foreign);
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  /** What the operator is told of all that a tenant has. */
  const thingsOf = async (world: TenantWorld): Promise<unknown> => {
    const reading = tenantOperations().filter(({ method }) => method === 'get');
    const told = reading.map(async (operation) => {
      const { status, body } = await operator.ask(operation, pathOf(operation, world));
      return [operation.id, status, body];
    });
    return withoutTheHour(await Promise.all(told));
  };

  const tenantOperations = (): Operation[] =>
    document.operations.filter(({ path, scope }) => path.includes('{tenantId}') && scope !== 'admin');

  it('have one of every kind of thing that the paths name', () => {
    const names = tenantOperations().flatMap(({ path }) => namesIn(path));
    expect([...new Set(names)].filter((name) => foreign[name] === undefined)).toEqual([]);
    expect(tenantOperations().length).toBeGreaterThan(15);
  });

  it("have the operator's operations closed to their keys, whatever their scopes", async () => {
    const ofTenants = tenantOperations();
    const others = document.operations.filter((operation) => !ofTenants.includes(operation));
    for (const operation of others.filter(({ scope }) => scope !== undefined)) {
      for (const caller of [tenant, admin]) {
        const { status, body } = await caller.ask(operation, pathOf(operation, foreign));
        expect([operation.id, status, body]).toMatchObject([
          operation.id,
          403,
          { code: 'insufficient_scope' },
        ]);
      }
    }
  });

  it('learn nothing of each other where no key is needed', async () => {
    for (const operation of document.operations.filter(({ scope }) => scope === undefined)) {
      const { status, body } = await tenant.ask(operation, `${pathOf(operation, foreign)}?tenantId=foreign`);
      const text = JSON.stringify(body);
      expect([operation.id, status < 400]).toEqual([operation.id, true]);
      expect(Object.values(foreign).filter((id) => id.includes('_') && text.includes(id))).toEqual([]);
    }
  });

  it("get for the other's path what they get for one that never was", async () => {
    for (const operation of tenantOperations()) {
      const theirs = await tenant.ask(operation, pathOf(operation, foreign));
      expect([operation.id, theirs.status]).toEqual([operation.id, 404]);
      expect(theirs.body).toEqual((await tenant.ask(operation, pathOf(operation, nowhere))).body);
    }
  });

  it("get for the other's things in their own path what they get for things that never were", async () => {
    for (const operation of tenantOperations().filter(({ path }) => namesIn(path).length > 1)) {
      for (const name of namesIn(operation.path).slice(1)) {
        const theirs = await tenant.ask(
          operation,
          pathOf(operation, { ...own, [name]: foreign[name] ?? '' }),
        );
        expect([operation.id, name, theirs.status]).toEqual([operation.id, name, 404]);
        const none = await tenant.ask(operation, pathOf(operation, { ...own, [name]: nowhere[name] ?? '' }));
        expect([operation.id, theirs.body]).toEqual([operation.id, none.body]);
      }
    }
  }, 180_000);

  it("get nothing of the other's by a filter, nor by one that there is not", async () => {
    const described: [string, unknown][] = [];
    for (const operation of tenantOperations().filter(({ method }) => method === 'get')) {
      for (const name of Object.keys(foreign).filter((one) => one.endsWith('Id'))) {
        const what = `${operation.id} ${name}`;
        const path = `${pathOf(operation, own)}?${name}=`;
        const theirs = await tenant.ask(operation, path + foreign[name]);
        const none = await tenant.ask(operation, path + nowhere[name]);
        expect([what, theirs.body]).toEqual([what, none.body]);
        if (operation.parameters.some((parameter) => parameter.in === 'query' && parameter.name === name))
          described.push([what, (theirs.body as { data?: unknown }).data]);
      }
    }
    expect(described).toEqual(described.map(([what]) => [what, []]));
    const filters = described.map(([what]) => what);
    expect(filters).toEqual(
      expect.arrayContaining(['listDeliveries destinationId', 'listDeliveries eventId']),
    );
  }, 180_000);

  it("get for the other's things in a body what they get for things that never were", async () => {
    const described: [string, number][] = [];
    for (const operation of tenantOperations()) {
      for (const { name, field, isDescribed, text, mediaType } of bodiesNaming(
        operation,
        document,
        foreign,
      )) {
        const what = `${operation.id} ${field}`;
        const path = pathOf(operation, own);
        const theirs = await tenant.ask(operation, path, { mediaType, text: text(foreign[name] ?? '') });
        const none = await tenant.ask(operation, path, { mediaType, text: text(nowhere[name] ?? '') });
        // Something that was made, as of a CloudEvent that may carry any field, has an id and a time of its own.
        expect([what, theirs.status, theirs.status < 300 || theirs.body]).toEqual([
          what,
          none.status,
          none.status < 300 || none.body,
        ]);
        if (isDescribed) described.push([what, theirs.status]);
      }
    }
    expect(described).toEqual(described.map(([what]) => [what, 404]));
    const fields = described.map(([what]) => what);
    expect(fields).toEqual(
      expect.arrayContaining(['createReplay destinationId', 'replayEvent destinationIds']),
    );
  }, 180_000);

  it("cannot go on with a cursor of the other's list", async () => {
    const lists = tenantOperations().filter(({ parameters }) =>
      parameters.some(({ name }) => name === 'cursor'),
    );
    expect(lists.length).toBeGreaterThan(2);
    const refused: string[] = [];
    for (const operation of lists) {
      const { nextCursor } = await listOf(posthorn, pathOf(operation, foreign));
      // A list of one page gives none out.
      if (nextCursor === null) continue;
      const { status, body } = await tenant.ask(
        operation,
        `${pathOf(operation, own)}?limit=1&cursor=${nextCursor}`,
      );
      expect([operation.id, status, body]).toMatchObject([operation.id, 400, { code: 'invalid_cursor' }]);
      refused.push(operation.id);
    }
    expect(refused).toEqual(expect.arrayContaining(['listEvents', 'listDeliveries', 'listDestinations']));
  });

  it("cannot tell the other's things from none by the time the answer takes", async () => {
    const operations = tenantOperations().filter(
      ({ method, path }) => method === 'get' && namesIn(path).length > 1,
    );
    expect(operations.length).toBeGreaterThan(3);
    for (const operation of operations) {
      const last = namesIn(operation.path).at(-1) ?? '';
      const took = { foreign: [] as number[], nowhere: [] as number[] };
      for (let round = 0; round < timedRounds; round++) {
        for (const [whose, world] of Object.entries({ foreign, nowhere })) {
          const path = pathOf(operation, { ...own, [last]: world[last] ?? '' });
          took[whose as keyof typeof took].push((await tenant.ask(operation, path)).tookMs);
        }
      }
      // The quickest of each: what else the machine does only makes an answer slower.
      const [theirsMs, noneMs] = [Math.min(...took.foreign), Math.min(...took.nowhere)];
      const apartMs = Math.abs(theirsMs - noneMs);
      expect([operation.id, apartMs < Math.max(5, noneMs / 2)]).toEqual([operation.id, true]);
    }
  }, 180_000);

  it("may give an event the id that one of the other's has, and get it", async () => {
    const id = foreign['eventId'] ?? '';
    for (const operation of tenantOperations().filter(({ bodies }) => 'application/json' in bodies)) {
      if (!['publishEvent', 'publishEvents'].includes(operation.id)) continue;
      const event = { id, type: 'world.made', data: { of: 'own' } };
      const text = JSON.stringify(operation.id === 'publishEvents' ? [event] : event);
      const body = { mediaType: 'application/json', text };
      expect(await tenant.ask(operation, pathOf(operation, own), body)).toMatchObject({ status: 202 });
    }
    const theirs = (): unknown[] =>
      receiver.requests('/own').filter(({ headers }) => headers['webhook-id'] === id);
    await until("the event under the other's id", () => Promise.resolve(theirs().length > 0), 30_000);
    expect(receiver.requests('/foreign')).toHaveLength(2);
  }, 60_000);

  it("have left the other's things as they were", async () => {
    expect(await thingsOf(foreign)).toEqual(before);
    expect(receiver.requests('/foreign')).toHaveLength(2);
  });

  it('were tried at every operation of the document', () => {
    const all = document.operations.map(({ id }) => id);
    const asked = [tenant, admin].flatMap((caller) => [...caller.asked]);
    const tried = all.filter((id) => asked.some(([one]) => one === id));
    expect(`${tried.length} of ${all.length} operations`).toBe(`${all.length} of ${all.length} operations`);
    const times = asked.reduce((sum, [, count]) => sum + count, 0);
    process.stderr.write(
      `Tenants apart: ${tried.length} of ${all.length} operations, asked ${times} times.\n`,
    );
  });
});

/** An id of the same form that nobody has. */
function somethingLike(id: string): string {
  const [prefix = ''] = /^[a-z]+_/.exec(id) ?? [];
  return prefix === '' ? `${id}-no` : `${id.slice(0, -8)}00000000`;
}

async function listOf(posthorn: RunningPosthorn, path: string): Promise<{ nextCursor: string | null }> {
  const { body } = await posthorn.call<Awaited<ReturnType<typeof listOf>>>(
    'GET',
    `${path.slice('/v1'.length)}?limit=1`,
  );
  return body;
}

/** Figures are of the time that has just passed. */
function withoutTheHour(told: unknown): unknown {
  return JSON.parse(JSON.stringify(told, (name, value: unknown) => (name === 'since' ? undefined : value)));
}
