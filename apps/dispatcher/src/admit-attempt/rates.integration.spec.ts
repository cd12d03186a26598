import { setTimeout as delay } from 'node:timers/promises';
import { sql } from '#libs/persistence';
import { type DispatcherDatabase, dispatcherDatabase } from '../dispatcher.fixture.js';
import { RatesRepository, type Turn } from './rates.repository.js';
import { slotsOf } from './slots-of.js';

let dispatcher: DispatcherDatabase;
let rates: RatesRepository;

beforeEach(async () => {
  dispatcher = await dispatcherDatabase();
  rates = new RatesRepository(dispatcher.database);
});

afterEach(() => dispatcher.drop());

const many = (count: number, take: (index: number) => Promise<Turn>): Promise<Turn[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => take(index)));
const granted = (turns: readonly Turn[]): number => turns.filter((turn) => turn.granted).length;

describe('the rate of a destination', () => {
  it('gives those who ask together a second of it, and tells the others when the next slot is', async () => {
    const turns = await many(60, () => rates.take('dst_1', slotsOf(10)));
    expect(turns.map((turn) => turn.granted)).toEqual(Array.from({ length: 60 }, (_, index) => index < 10));
    const refused = turns.filter((turn) => !turn.granted);
    for (const { retryInMs } of refused) {
      expect(retryInMs).toBeGreaterThan(0);
      expect(retryInMs).toBeLessThanOrEqual(100);
    }
  });

  it('gives a slot again when it is due', async () => {
    expect(granted(await many(3, () => rates.take('dst_1', slotsOf(1))))).toBe(1);
    await delay(1010);
    expect(granted(await many(3, () => rates.take('dst_1', slotsOf(1))))).toBe(1);
  });

  it('is one for all processes, and exact however many ask at once', async () => {
    const processes = [rates, ...Array.from({ length: 3 }, () => new RatesRepository(dispatcher.another()))];
    const startedAt = performance.now();
    let count = 0;
    while (performance.now() - startedAt < 1500) {
      const turns = await Promise.all(processes.map((one) => many(5, () => one.take('dst_1', slotsOf(100)))));
      count += granted(turns.flat());
    }
    const elapsedMs = performance.now() - startedAt;
    expect(count).toBeLessThanOrEqual((elapsedMs + 1000) / 10 + 1);
    expect(count).toBeGreaterThan(elapsedMs / 10);
  });

  it('holds up nobody else', async () => {
    const turns = await many(100, (index) => rates.take(`dst_${index % 50}`, slotsOf(1)));
    expect(granted(turns)).toBe(50);
  });

  it('goes by a change at once, and not by what a clock that was set back left', async () => {
    await rates.take('dst_1', slotsOf(0.01));
    expect(await rates.take('dst_1', slotsOf(0.01))).toEqual({
      granted: false,
      retryInMs: expect.anything(),
    });
    await dispatcher.database.run((db) =>
      sql`update rates set next_slot_ms = next_slot_ms + 1e9`.execute(db),
    );
    const turn = await rates.take('dst_1', slotsOf(100));
    expect(turn.granted || turn.retryInMs <= 1000).toBe(true);
  });
});
