import { Log } from '#libs/observability';
import { sql } from '#libs/persistence';
import { jest } from '@jest/globals';
import { type DispatcherDatabase, dispatcherDatabase } from '../dispatcher.fixture.js';
import { AttemptsUnderWay } from './attempts-under-way.js';
import { DispatchersRepository } from './dispatchers.repository.js';
import { Membership } from './membership.js';
import { until } from '#libs/testing';

const log = { warn: () => undefined } as unknown as Log;
const limit = 3;

let dispatcher: DispatcherDatabase;
let running: Membership[];

interface Process {
  readonly membership: Membership;
  readonly underWay: AttemptsUnderWay;
  readonly share: () => number;
}

/** A process that says that it is alive when it is told to. */
const process = (): Process => {
  const underWay = new AttemptsUnderWay();
  const membership = new Membership(new DispatchersRepository(dispatcher.another()), underWay, log);
  return { membership, underWay, share: () => membership.shareOf(limit, 'dst_1') };
};

/** One that does so by itself, and has its share already. */
const started = async (): Promise<Process> => {
  const one = process();
  running.push(one.membership);
  await one.membership.onApplicationBootstrap();
  return one;
};

const shares = (...processes: readonly Process[]): number[] =>
  processes.map(({ share }) => share()).toSorted((a, b) => a - b);

beforeEach(async () => {
  dispatcher = await dispatcherDatabase();
  running = [];
});

afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(running.map((membership) => membership.beforeApplicationShutdown()));
  await dispatcher.drop();
});

describe('the dispatchers', () => {
  it('give all to one that is alone, at once', async () => {
    const alone = process();
    expect(alone.share()).toBe(0);
    await alone.membership.beat();
    expect(alone.share()).toBe(limit);
  });

  it('divide a limit, and the newcomer has nothing before the others leave it its share', async () => {
    const [first, second] = [process(), process()];
    await first.membership.beat();
    await second.membership.beat();
    expect(shares(first, second)).toEqual([0, limit]);
    await first.membership.beat();
    await second.membership.beat();
    expect(second.share()).toBe(0);
    await first.membership.beat();
    await second.membership.beat();
    expect(shares(first, second)).toEqual([1, 2]);
  });

  it('let a newcomer wait for the end of what is more than is left to the others', async () => {
    const [first, second] = [process(), process()];
    await first.membership.beat();
    const place = { destinationId: 'dst_1', tenantId: 't', pace: 'quick' } as const;
    const ends = Array.from({ length: limit }, () => first.underWay.begin(place, limit));
    const beat = async (): Promise<void> => {
      for (const { membership } of [first, second, first, second]) await membership.beat();
    };
    await beat();
    await beat();
    expect(second.share()).toBe(0);
    for (const end of ends) end();
    await beat();
    expect(shares(first, second)).toEqual([1, 2]);
  });

  it('never have more than the limit together while some come and some go, also at once', async () => {
    const processes = Array.from({ length: 4 }, process);
    const anyOf = (all: readonly Process[]): Process => all[Math.floor(Math.random() * all.length)]!;
    for (let step = 0; step < 200; step++) {
      const some = new Set(Array.from({ length: 3 }, () => anyOf(processes)));
      await Promise.all([...some].map(({ membership }) => membership.beat()));
      const leaving = anyOf(processes);
      if (Math.random() < 0.05) {
        await leaving.membership.beforeApplicationShutdown();
        processes[processes.indexOf(leaving)] = process();
      }
      expect(shares(...processes).reduce((sum, share) => sum + share)).toBeLessThanOrEqual(limit);
    }
  });

  it('have no share by an answer that came when the others may have taken it to be dead', async () => {
    const late = process();
    await late.membership.beat();
    expect(late.share()).toBe(limit);
    const now = performance.now.bind(performance);
    let passedMs = 2000;
    jest.spyOn(performance, 'now').mockImplementation(() => now() + passedMs);
    let beat: Promise<void> | undefined;
    await dispatcher.database.transaction(async (db) => {
      await sql`select from dispatchers for update`.execute(db);
      beat = late.membership.beat();
      passedMs = 4000;
    });
    await beat;
    expect(late.share()).toBe(0);
    await late.membership.beat();
    expect(late.share()).toBe(limit);
  });

  it('have the share of one that was stopped at once, and of one that was killed within a few seconds', async () => {
    const first = await started();
    const second = await started();
    expect(shares(first, second)).toEqual([1, 2]);
    await second.membership.beforeApplicationShutdown();
    await until('the share of the one that left', () => first.share() === limit, 2000);

    const killed = process();
    await until('a share for the one that will be killed', async () => {
      await killed.membership.beat();
      return killed.share() > 0;
    });
    const diedAt = performance.now();
    await until('the share of the one that was killed', () => first.share() === limit, 6000);
    // By then it knew itself that nobody goes by it any more.
    expect(killed.share()).toBe(0);
    expect(performance.now() - diedAt).toBeGreaterThan(2500);
  });
});
