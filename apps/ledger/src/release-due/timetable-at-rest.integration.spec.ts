import type { DeliveryRequested } from '#libs/contracts';
import type { AmqpClient } from '#libs/messaging';
import type { Log } from '#libs/observability';
import { until } from '#libs/testing';
import { Acceptance, Books } from '../books.fixture.js';
import { hasWokenLanes } from '../lanes/wake-lanes.js';
import { LedgerConfig } from '../ledger.config.js';
import { ReleaseDue } from './release-due.js';
import type { Released, ReleaseDueRepository } from './release-due.repository.js';

let books: Books;
let timetable: ReleaseDue;
let looks: Released[];
let sent: DeliveryRequested[];

beforeEach(async () => {
  books = await Books.open({ RETRY_SCHEDULE: [1500], RETRY_JITTER: 0 });
  looks = [];
  sent = [];
  const due = {
    release: async (publish: (requests: DeliveryRequested[]) => Promise<void>): Promise<Released> => {
      const look = await books.due.release(publish);
      looks.push(look);
      return look;
    },
  } as ReleaseDueRepository;
  const client = { confirmAll: async (requests: DeliveryRequested[]) => void sent.push(...requests) };
  const log = { warn: () => undefined } as unknown as Log;
  timetable = new ReleaseDue(due, client as unknown as AmqpClient, new LedgerConfig(), log);
});

afterEach(async () => {
  await timetable.beforeApplicationShutdown();
  await books.close();
});

const nextLook = async (): Promise<void> => {
  const before = looks.length;
  await until('a look', () => looks.length > before);
};

const failed = async (): Promise<void> => {
  const event = new Acceptance('evt');
  for (const message of [event.accepted, event.routed(), event.attempted(1, 500)])
    await books.record(message);
};

describe('the timetable, while nothing in it is due', () => {
  it('is asked each two seconds', async () => {
    await until('rest', () => !hasWokenLanes());
    timetable.onApplicationBootstrap();
    await nextLook();
    const startedAt = performance.now();
    for (let look = 0; look < 3; look++) await nextLook();
    expect(performance.now() - startedAt).toBeGreaterThan(5000);
  });

  it('is asked when its first delivery is due, and not much later', async () => {
    await failed();
    const dueAt = performance.now() + 1500;
    await until('rest', () => !hasWokenLanes());
    timetable.onApplicationBootstrap();
    await until('the retry', () => sent.length > 0);
    expect(performance.now() - dueAt).toBeLessThan(500);
    expect(looks.length).toBeLessThan(4);
  });

  it('is asked soon when this process gives something a time, and not at the end of its rest', async () => {
    await until('rest', () => !hasWokenLanes());
    timetable.onApplicationBootstrap();
    await nextLook();
    const restingSince = performance.now();
    await failed();
    await nextLook();
    expect(performance.now() - restingSince).toBeLessThan(700);
  });
});
