import { RunningPosthorn, WebhookReceiver } from '#libs/testing';
import { ApiDocument, type Operation } from './api/api-document.js';
import { makeTenantWorld, type TenantWorld } from './api/tenant-world.js';

const timedRounds = 15;

interface Told {
  readonly status: number;
  readonly body: unknown;
  readonly tookMs: number;
}

/** Of each operation of the document: what one tenant's key gets for what is another tenant's. */
describe('two tenants', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;
  let document: ApiDocument;
  let own: TenantWorld;
  let foreign: TenantWorld;
  let nowhere: TenantWorld;
  let key: string;

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
    const scopes = ['events:write', 'events:read', 'destinations:write', 'destinations:read', 'secrets:read'];
    key = (await posthorn.call<{ key: string }>('POST', '/api-keys', { scopes, tenantId: 'own' })).body.key;
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const ask = async ({ method, bodies }: Operation, path: string, swap?: [string, string]): Promise<Told> => {
    const [body] = Object.entries(bodies);
    const text =
      body && (typeof body[1].example === 'string' ? body[1].example : JSON.stringify(body[1].example));
    const startedAt = performance.now();
    const response = await fetch(`${posthorn.run.apiUrl}${path}`, {
      method: method.toUpperCase(),
      redirect: 'manual',
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': body[0] }) },
      ...(text !== undefined && { body: swap ? text.replaceAll(swap[0], swap[1]) : text }),
    });
    const answer = await response.text();
    const tookMs = performance.now() - startedAt;
    return { status: response.status, body: withoutRequestId(answer), tookMs };
  };

  const tenantOperations = (): Operation[] =>
    document.operations.filter(({ path, scope }) => path.includes('{tenantId}') && scope !== 'admin');

  it('have one of every kind of thing that the paths name', () => {
    const names = tenantOperations().flatMap(({ path }) => namesIn(path));
    expect([...new Set(names)].filter((name) => foreign[name] === undefined)).toEqual([]);
    expect(tenantOperations().length).toBeGreaterThan(15);
  });

  // What needs no key tells nothing of a tenant: with this, every operation of the document is in one of these tests.
  it("have the operator's operations closed to their keys", async () => {
    const ofTenants = tenantOperations();
    const others = document.operations.filter((operation) => !ofTenants.includes(operation));
    for (const operation of others.filter(({ scope }) => scope !== undefined)) {
      const { status, body } = await ask(operation, pathOf(operation, own));
      expect([operation.id, status, body]).toMatchObject([operation.id, 403, { code: 'insufficient_scope' }]);
    }
  });

  it("get for the other's path what they get for one that never was", async () => {
    for (const operation of tenantOperations()) {
      const theirs = await ask(operation, pathOf(operation, foreign));
      expect([operation.id, theirs.status]).toEqual([operation.id, 404]);
      expect(theirs.body).toEqual((await ask(operation, pathOf(operation, nowhere))).body);
    }
  });

  it("get for the other's things in their own path what they get for things that never were", async () => {
    for (const operation of tenantOperations().filter(({ path }) => namesIn(path).length > 1)) {
      for (const name of namesIn(operation.path).slice(1)) {
        const theirs = await ask(operation, pathOf(operation, { ...own, [name]: foreign[name] ?? '' }));
        expect([operation.id, name, theirs.status]).toEqual([operation.id, name, 404]);
        const none = await ask(operation, pathOf(operation, { ...own, [name]: nowhere[name] ?? '' }));
        expect([operation.id, theirs.body]).toEqual([operation.id, none.body]);
      }
    }
  }, 60_000);

  it("get nothing of the other's by a filter", async () => {
    const filtered = tenantOperations().flatMap((operation) =>
      operation.parameters
        .filter((parameter) => parameter.in === 'query' && foreign[parameter.name] !== undefined)
        .map(({ name }) => ({ operation, name })),
    );
    expect(filtered.length).toBeGreaterThan(1);
    for (const { operation, name } of filtered) {
      const path = `${pathOf(operation, own)}?${name}=`;
      const theirs = await ask(operation, path + foreign[name]);
      expect([operation.id, theirs.body]).toMatchObject([operation.id, { data: [] }]);
      expect(theirs.body).toEqual((await ask(operation, path + nowhere[name])).body);
    }
  });

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
      const { status, body } = await ask(operation, `${pathOf(operation, own)}?limit=1&cursor=${nextCursor}`);
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
          took[whose as keyof typeof took].push((await ask(operation, path)).tookMs);
        }
      }
      const apartMs = Math.abs(median(took.foreign) - median(took.nowhere));
      expect([operation.id, apartMs < Math.max(5, median(took.nowhere) / 2)]).toEqual([operation.id, true]);
    }
  }, 60_000);

  it("have left the other's things as they were", async () => {
    for (const [path, id] of [
      ['destinations', foreign['destinationId']],
      ['events', foreign['eventId']],
      ['deliveries', foreign['deliveryId']],
    ]) {
      const { status, body } = await posthorn.call('GET', `/tenants/foreign/${path}/${id}`);
      expect([path, status, body['id']]).toEqual([path, 200, id]);
    }
    expect(receiver.requests('/foreign')).toHaveLength(2);
  });
});

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

function pathOf({ path }: Operation, world: TenantWorld): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => world[name] ?? 'no');
}

/** An id of the same form that nobody has. */
function somethingLike(id: string): string {
  const [prefix = ''] = /^[a-z]+_/.exec(id) ?? [];
  return prefix === '' ? `${id}-no` : `${id.slice(0, -8)}00000000`;
}

function withoutRequestId(text: string): unknown {
  if (!text.startsWith('{')) return text;
  const { requestId: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return rest;
}

async function listOf(posthorn: RunningPosthorn, path: string): Promise<{ nextCursor: string | null }> {
  const { body } = await posthorn.call<Awaited<ReturnType<typeof listOf>>>(
    'GET',
    `${path.slice('/v1'.length)}?limit=1`,
  );
  return body;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
