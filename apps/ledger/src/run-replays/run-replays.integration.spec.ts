import { create, CreateReplay, type Replay, ReplayInput } from '#libs/contracts';
import { destinationChanged } from '#libs/testing';
import { Acceptance, Books, dayMs } from '../books.fixture.js';

let books: Books;

beforeEach(async () => {
  books = await Books.open({ RETRY_SCHEDULE: [], RETRY_JITTER: 0 });
  await books.destinations.apply([destinationChanged({ version: 1, maxConcurrency: 1000 })]);
});

afterEach(() => books.close());

let made = 0;

const range = { after: '2020-01-01', before: new Date(Date.now() + dayMs).toISOString() };

const replay = (input: Partial<ReplayInput> = {}, request: Partial<CreateReplay> = {}): Promise<Replay> =>
  books.replays.create(
    create(CreateReplay, {
      tenantId: 't',
      replayId: `rpl_${++made}`,
      input: create(ReplayInput, { ...range, ...input }),
      ...request,
    }),
  );

const show = async ({ id }: Replay): Promise<Replay | undefined> => books.replays.find('t', id);

/** Until nothing is left to do now. */
const run = async (): Promise<void> => {
  while (await books.steps.step());
};

/** Its only attempt was answered so. */
const tried = async (eventId: string, answer: number, options: object = {}): Promise<Acceptance> => {
  const event = new Acceptance(eventId, { at: new Date(Date.now() - 60_000), ...options });
  for (const message of [event.accepted, event.routed(), event.attempted(1, answer)])
    await books.record(message);
  return event;
};

const sent = async (): Promise<string[]> =>
  (await books.pass()).map(({ eventId, attempt }) => `${eventId}/${attempt}`).toSorted();

describe('a replay', () => {
  it('counts first, and then sends what it is for again, once', async () => {
    await tried('a', 500);
    await tried('b', 200);
    await tried('c', 500, { eventType: 'c.d' });
    const begun = await replay({ statuses: ['failed'] });
    expect(begun).toMatchObject({ state: 'counting', matched: 0, done: 0, finishedAt: null });
    await books.steps.step();
    await books.steps.step();
    expect(await show(begun)).toMatchObject({ state: 'running', matched: 2, done: 0 });
    await run();
    expect(await show(begun)).toMatchObject({ state: 'completed', matched: 2, done: 2, skipped: 0 });
    expect(await sent()).toEqual(['a/2', 'c/2']);
    await run();
    expect(await sent()).toEqual([]);
  });

  it.each<[Partial<ReplayInput>, string[]]>([
    [{}, ['a/2', 'b/2', 'c/2', 'd/2']],
    [{ eventTypes: ['c.*'] }, ['b/2']],
    [{ eventTypes: ['c.#', 'a.b'], statuses: ['delivered'] }, ['a/2', 'd/2']],
    [{ destinationId: 'dst_2' }, ['c/2']],
    [{ destinationId: 'dst_2', statuses: ['delivered'] }, []],
    [{ after: new Date(Date.now() - 1.5 * dayMs).toISOString() }, ['a/2', 'b/2', 'c/2']],
    [{ before: new Date(Date.now() - 1.5 * dayMs).toISOString() }, ['d/2']],
  ])('for %j sends these and no others', async (input, expected) => {
    await tried('a', 200);
    await tried('b', 500, { eventType: 'c.d' });
    await tried('c', 500, { destinationId: 'dst_2' });
    await tried('d', 200, { at: undefined, daysAgo: 2 });
    const begun = await replay(input);
    await run();
    expect(await sent()).toEqual(expected);
    expect(await show(begun)).toMatchObject({ state: 'completed', done: expected.length });
  });

  it('that is dry counts, and sends nothing', async () => {
    await tried('a', 500);
    const begun = await replay({ dryRun: true });
    await run();
    expect(await show(begun)).toMatchObject({ state: 'completed', dryRun: true, matched: 1, done: 0 });
    expect(await sent()).toEqual([]);
  });

  it('says how many it left out, because their payload is gone or they are under way', async () => {
    await tried('kept', 500);
    const [gone, underWay] = [await tried('gone', 500), new Acceptance('under-way')];
    for (const message of [underWay.accepted, underWay.routed()]) await books.record(message);
    await books.database.run((db) =>
      db.deleteFrom('payloads').where('event_id', '=', gone.accepted.eventId).execute(),
    );
    const begun = await replay();
    await run();
    expect(await show(begun)).toMatchObject({ state: 'completed', matched: 3, done: 1, skipped: 2 });
    expect(await sent()).toEqual(['kept/2']);
  });

  it('that is cancelled stops, says how far it came, and stays so', async () => {
    for (const id of ['a', 'b', 'c']) await tried(id, 500);
    const begun = await replay({ ratePerSecond: 1 });
    await run();
    expect(await books.replays.cancel('t', begun.id)).toMatchObject({
      state: 'cancelled',
      matched: 3,
      done: 1,
    });
    await run();
    expect(await sent()).toEqual(['a/2']);
    expect(await books.replays.cancel('t', begun.id)).toMatchObject({ state: 'cancelled', done: 1 });
    expect(await books.replays.cancel('u', begun.id)).toBeUndefined();
  });

  it('is made once, however often it is asked for under one id', async () => {
    const [first] = await Promise.all([1, 2].map(() => replay({}, { replayId: 'rpl_same' })));
    expect((await books.replays.list('t', { limit: 10 })).data).toEqual([first]);
    expect((await books.replays.list('u', { limit: 10 })).data).toEqual([]);
  });

  it('is made once under an idempotency key of its tenant, and for one thing only', async () => {
    const under = (key: string, input: Partial<ReplayInput> = {}, tenantId = 't') =>
      replay(input, { tenantId, idempotencyKey: key });
    const same = await Promise.all([under('k'), under('k'), under('k', { dryRun: false, statuses: null })]);
    expect(new Set(same.map(({ id }) => id)).size).toBe(1);
    const others = [await under('K'), await under('k', {}, 'u'), await replay()];
    expect(new Set([...same, ...others].map(({ id }) => id)).size).toBe(4);
    await run();
    expect(await under('k')).toMatchObject({ id: same[0]?.id, state: 'completed' });
    await expect(under('k', { dryRun: true })).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('is one of twenty at most that a tenant may have under way', async () => {
    for (let count = 0; count < 20; count++) await replay();
    await expect(replay()).rejects.toMatchObject({ code: 'too_many_replays' });
    await run();
    expect(await replay()).toMatchObject({ state: 'counting' });
  });

  it('adds no more to a lane than goes in a few seconds, and goes on when there is room', async () => {
    const ids = Array.from({ length: 700 }, (_, index) => `e${index}`);
    const events = ids.map((id) => new Acceptance(id, { at: new Date(Date.now() - 60_000) }));
    await books.recordAll(events.flatMap((event) => [event.accepted, event.routed()]));
    await books.recordAttempts(events.map((event) => event.attempted(1, 200)));
    const begun = await replay();
    await run();
    const waiting = (await show(begun))?.done ?? 0;
    expect(waiting).toBeGreaterThanOrEqual(300);
    expect(waiting).toBeLessThan(700);
    const all: string[] = [];
    for (let round = 0; round < 50 && all.length < 700; round++) {
      await books.wake();
      all.push(...(await sent()));
      await books.database.run((db) =>
        db
          .updateTable('replays')
          .set({ next_at: new Date(0) })
          .execute(),
      );
      await run();
    }
    expect(new Set(all).size).toBe(700);
    expect(all).toHaveLength(700);
    expect(await show(begun)).toMatchObject({ state: 'completed', matched: 700, done: 700 });
  });

  it('is shared by several processes without sending anything twice', async () => {
    const events = Array.from({ length: 250 }, (_, index) => new Acceptance(`e${index}`, { daysAgo: 1 }));
    await books.recordAll(events.flatMap((event) => [event.accepted, event.routed()]));
    await books.recordAttempts(events.map((event) => event.attempted(1, 200)));
    const begun = [await replay(), await replay({ eventTypes: ['none'] })];
    await Promise.all([run(), run(), run()]);
    expect(await show(begun[0]!)).toMatchObject({ state: 'completed', done: 250, skipped: 0 });
    expect(await show(begun[1]!)).toMatchObject({ state: 'completed', matched: 0, done: 0 });
    await books.wake();
    expect(await sent()).toHaveLength(250);
  });
});
