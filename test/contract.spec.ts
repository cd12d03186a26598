import { RunningPosthorn, WebhookReceiver } from '#libs/testing';
import fc from 'fast-check';
import { ApiDocument, exampleOf, headersOf, type Operation, type Received } from './api/api-document.js';
import { type Asked, askingArbitrary } from './api/asking.js';
import { makeTenantWorld, type TenantWorld } from './api/tenant-world.js';

/** The same in each run, so that a change is judged by itself; `CONTRACT_SEED=$RANDOM` looks for what nobody has seen. */
const seed = Number(process.env['CONTRACT_SEED'] ?? 1);
const budgetMs = 45_000;
const requestsEach = 60;
const parallel = 4;

describe(`the API keeps to its document (CONTRACT_SEED=${seed})`, () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;
  let document: ApiDocument;
  let world: TenantWorld;
  let exampleWorld: TenantWorld;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('contract');
    document = await ApiDocument.read(posthorn.run.apiUrl);
    world = await makeTenantWorld(posthorn, receiver, 'contract');
    exampleWorld = await makeTenantWorld(posthorn, receiver, 'examples');
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const send = async ({ method }: Operation, { path, headers, body }: Asked): Promise<Received> => {
    const { apiUrl, apiKey } = posthorn.run;
    const response = await fetch(`${apiUrl}${path}`, {
      method: method.toUpperCase(),
      redirect: 'manual',
      headers: { authorization: `Bearer ${apiKey}`, ...headers },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(15_000),
    });
    const contentType = response.headers.get('content-type') ?? undefined;
    return { status: response.status, contentType, text: await response.text() };
  };

  it('in what it answers to requests that are right, at their bounds, and wrong', async () => {
    const faults = new Set<string>();
    const asked = document.operations.flatMap((operation, index) =>
      fc
        .sample(askingArbitrary(operation, document, world), { numRuns: requestsEach, seed: seed + index })
        .map((one) => ({ operation, one })),
    );
    // A round of each operation after the other: what there is no time for is the last rounds of all.
    const rounds = asked.map(({ operation, one }, index) => ({
      operation,
      one,
      round: index % requestsEach,
    }));
    rounds.sort((a, b) => a.round - b.round);
    const endAt = Date.now() + budgetMs;
    let sent = 0;
    const work = async (): Promise<void> => {
      for (let next = rounds.shift(); next && Date.now() < endAt; next = rounds.shift()) {
        const { operation, one } = next;
        const received = await send(operation, one);
        sent++;
        const fault = received.status === 500 ? '500' : document.faultOf(operation, received);
        if (fault !== undefined) faults.add(`${operation.id} (${one.kind}): ${fault} to ${told(one)}`);
        if (one.kind === 'right' && [400, 415].includes(received.status))
          faults.add(`${operation.id}: refused what its document allows: ${received.text} to ${told(one)}`);
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
    expect([...faults].slice(0, 20)).toEqual([]);
    expect(sent).toBeGreaterThan(document.operations.length * 5);
  }, 90_000);

  it('in its examples, each of which works', async () => {
    const faults: string[] = [];
    const bodies = document.operations.flatMap((operation) =>
      Object.entries(operation.bodies).map(([mediaType, { example }]) => ({ operation, mediaType, example })),
    );
    expect(bodies.length).toBeGreaterThan(5);
    for (const { operation, mediaType, example } of bodies) {
      const path = operation.path.replaceAll(
        /\{(\w+)\}/g,
        (_, name: string) => exampleWorld[name] ?? `no_${name}`,
      );
      const body = typeof example === 'string' ? example : JSON.stringify(example);
      const headers = headersOf(operation, mediaType, exampleOf);
      const received = await send(operation, { kind: 'right', path, headers, body });
      const fault = document.faultOf(operation, received);
      if (fault !== undefined || received.status >= 300)
        faults.push(`${operation.id}: ${fault ?? `${received.status} ${received.text}`}`);
    }
    expect(faults).toEqual([]);
  }, 60_000);
});

function told({ path, headers, body }: Asked): string {
  return `${path} ${JSON.stringify(headers)} ${String(body).slice(0, 200)}`;
}
