import { create, CreateReplay, ReplayInput } from '#libs/contracts';
import type { Log } from '#libs/observability';
import { until } from '#libs/testing';
import { Books } from '../books.fixture.js';
import { ManageReplaysHandler } from './manage-replays.handler.js';
import type { ReplayStepsRepository } from './replay-steps.repository.js';
import { RunReplays } from './run-replays.js';

let books: Books;
let running: RunReplays;
let handler: ManageReplaysHandler;
let looks: number;

beforeEach(async () => {
  books = await Books.open({ RETRY_SCHEDULE: [], RETRY_JITTER: 0 });
  looks = 0;
  const steps = {
    nextInMs: async () => {
      const nextInMs = await books.steps.nextInMs();
      looks++;
      return nextInMs;
    },
    step: () => books.steps.step(),
  } as ReplayStepsRepository;
  const log = { warn: () => undefined, info: () => undefined } as unknown as Log;
  running = new RunReplays(steps, log);
  handler = new ManageReplaysHandler(books.replays, running, log);
  running.onApplicationBootstrap();
  await until('a look', () => looks === 1);
});

afterEach(async () => {
  await running.beforeApplicationShutdown();
  await books.close();
});

const newReplay = (): CreateReplay =>
  create(CreateReplay, {
    tenantId: 't',
    replayId: 'rpl_1',
    input: create(ReplayInput, { after: '2020-01-01', before: new Date().toISOString() }),
  });

const isOver = async (): Promise<boolean> => (await books.replays.find('t', 'rpl_1'))?.state === 'completed';

describe('replays, while there are none', () => {
  it('begin at once where they are made', async () => {
    const madeAt = performance.now();
    await handler.create(newReplay());
    await until('its end', isOver);
    expect(performance.now() - madeAt).toBeLessThan(2500);
  });

  it('are looked for each five seconds, as another process may have made one', async () => {
    const restingSince = performance.now();
    await books.replays.create(newReplay());
    await until('its end', isOver);
    expect(performance.now() - restingSince).toBeGreaterThan(2500);
  });
});
