import { create, ParkedMessage } from '#libs/contracts';
import type { Database } from '#libs/persistence';
import { migratedDatabase } from '#libs/testing';
import { migrations } from '../../migrations/index.js';
import type { LedgerTables } from '../ledger.tables.js';
import { ParkedRepository } from './parked.repository.js';

let database: Database<LedgerTables>;
let drop: () => Promise<void>;
let repository: ParkedRepository;

beforeAll(async () => {
  ({ database, drop } = await migratedDatabase<LedgerTables>({ schema: 'ledger', migrations }));
  repository = new ParkedRepository(database);
});

afterEach(() => database.run((db) => db.deleteFrom('parked').execute()));

afterAll(() => drop());

const parked = (number: number, fields: Partial<ParkedMessage> = {}): ParkedMessage =>
  create(ParkedMessage, {
    id: `prk_${number}`,
    reason: 'a reason',
    parkedAt: new Date(1_700_000_000_000 + number).toISOString(),
    queue: 'dispatcher.deliver-event.p1',
    exchange: 'posthorn',
    routingKey: 'its.key',
    properties: { headers: { number } },
    body: Buffer.from([number]),
    ...fields,
  });

const keepAll = (messages: ParkedMessage[]) => Promise.all(messages.map((one) => repository.keep(one)));
const everything = async () => (await repository.list({}, { limit: 250 })).data.map(({ id }) => id);

describe('parked messages', () => {
  it('are one row each, however often they are kept', async () => {
    await keepAll([parked(1), parked(1), parked(2)]);
    await repository.keep(parked(2, { reason: 'another' }));
    expect(await everything()).toEqual(['prk_2', 'prk_1']);
    expect((await repository.find('prk_2'))?.reason).toBe('a reason');
  });

  it('may hold NUL in every text', async () => {
    const properties = { messageId: 'a\u0000', headers: { 'b\u0000': 'c\u0000' } };
    await repository.keep(parked(1, { reason: 'd\u0000', routingKey: 'e\u0000', properties }));
    const found = await repository.find('prk_1');
    expect(found).toMatchObject({ reason: 'd\uFFFD', routingKey: 'e\u0000', properties });
  });

  it('are listed without a body that is too large, and shown with it', async () => {
    const body = Buffer.alloc(20_000, 1);
    await repository.keep(parked(1, { body }));
    expect((await repository.list({}, { limit: 1 })).data[0]).toMatchObject({
      bodyBytes: 20_000,
      body: null,
    });
    expect((await repository.find('prk_1'))?.body).toBe(body.toString('base64'));
  });

  it('are selected by id, by queue with or without its partition, or all, the oldest first', async () => {
    await keepAll([parked(1), parked(2), parked(3, { queue: 'dispatcher.deliver-event.p10' })]);
    await repository.keep(parked(4, { queue: 'dispatcher.deliver' }));
    const select = async (selection: object, limit = 10) =>
      (await repository.select(selection, limit)).map(({ id }) => id);
    expect(await select({ queue: 'dispatcher.deliver-event' })).toEqual(['prk_1', 'prk_2', 'prk_3']);
    expect(await select({ queue: 'dispatcher.deliver-event.p1' })).toEqual(['prk_1', 'prk_2']);
    expect(await select({ ids: ['prk_2', 'prk_9'] })).toEqual(['prk_2']);
    expect(await select({ ids: [] })).toEqual([]);
    expect(await select({})).toEqual(['prk_1', 'prk_2', 'prk_3', 'prk_4']);
    expect(await select({}, 2)).toEqual(['prk_1', 'prk_2']);
  });

  it('are handed over as they were, and then forgotten', async () => {
    await keepAll([parked(1), parked(2)]);
    const handedOver: ParkedMessage[] = [];
    const taken = await repository.take(['prk_1', 'prk_9'], async (message) => {
      handedOver.push(message);
      return true;
    });
    expect([taken, handedOver]).toEqual([[true], [parked(1)]]);
    expect(await everything()).toEqual(['prk_2']);
  });

  it('are kept when they cannot be handed over', async () => {
    await repository.keep(parked(1));
    await repository.keep(parked(2));
    const ids = ['prk_1', 'prk_2'];
    await expect(repository.take(ids, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await everything()).toEqual(['prk_2', 'prk_1']);
    expect(await repository.take(ids, async ({ id }) => id === 'prk_2')).toEqual([false, true]);
    expect(await everything()).toEqual(['prk_1']);
  });

  it('are handed over once by two that want them at the same time', async () => {
    await keepAll([parked(1), parked(2)]);
    const taken = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const first = repository.take(['prk_1', 'prk_2'], () => {
      taken.resolve();
      return gate.promise.then(() => true);
    });
    await taken.promise;
    expect(await repository.take(['prk_1'], () => Promise.resolve(true))).toEqual([]);
    gate.resolve();
    expect(await first).toEqual([true, true]);
  });
});
