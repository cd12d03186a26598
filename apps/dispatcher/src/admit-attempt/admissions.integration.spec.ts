import type { Log } from '#libs/observability';
import { type DispatcherDatabase, dispatcherDatabase } from '../dispatcher.fixture.js';
import { Admissions } from './admissions.js';
import { AttemptsUnderWay } from './attempts-under-way.js';
import { DispatchersRepository } from './dispatchers.repository.js';
import { Membership } from './membership.js';
import { RatesRepository } from './rates.repository.js';

const request = { tenantId: 't' };
const destination = { destinationId: 'dst_1', maxConcurrency: 2, ratePerSecond: undefined };
const quickMs = 10;
const hangingMs = 10_000;

let dispatcher: DispatcherDatabase;
let membership: Membership;
let underWay: AttemptsUnderWay;
let admissions: Admissions;
let said: { destinationId: string }[];

beforeEach(async () => {
  dispatcher = await dispatcherDatabase();
  said = [];
  const log = {
    debug: (_: string, fields: { destinationId: string }) => said.push(fields),
  } as unknown as Log;
  underWay = new AttemptsUnderWay();
  membership = new Membership(new DispatchersRepository(dispatcher.database), underWay, log);
  admissions = new Admissions(membership, underWay, new RatesRepository(dispatcher.database), log);
});

afterEach(() => dispatcher.drop());

const admit = (changes: Partial<typeof destination> | { ratePerSecond: number } = {}) =>
  admissions.admit(request, { ...destination, ...changes });
/** @returns what ends it. */
const admitted = async (...[changes]: Parameters<typeof admit>) => {
  const admission = await admit(changes);
  if (!admission.admitted) throw new Error('it was not admitted');
  return admission.end;
};
const refused = async (...[changes]: Parameters<typeof admit>): Promise<number> => {
  const admission = await admit(changes);
  if (admission.admitted) throw new Error('it was admitted');
  return admission.retryInMs;
};

describe('an attempt', () => {
  it('may not begin before this process has a share', async () => {
    await refused();
    await membership.beat();
    await admitted();
  });

  it('may begin while its destination has fewer under way than it allows', async () => {
    await membership.beat();
    const end = await admitted();
    await admitted();
    expect(await refused()).toBeLessThanOrEqual(1000);
    end(quickMs);
    await admitted();
  });

  it('is sent away for the longer the more of its destination were sent away before, and that is said once', async () => {
    await membership.beat();
    await admitted();
    await admitted();
    const waits = [];
    for (let index = 0; index < 50; index++) waits.push(await refused());
    expect(waits.at(-1)).toBeGreaterThan(Math.max(...waits.slice(0, 10)));
    expect(said).toMatchObject([{ destinationId: 'dst_1' }]);
  });

  it('holds no room when the rate refuses it', async () => {
    await membership.beat();
    await admitted({ ratePerSecond: 1 });
    expect(await refused({ ratePerSecond: 1 })).toBeGreaterThan(500);
    expect(underWay.of({ destinationId: 'dst_1', tenantId: 't' }).destination).toBe(1);
  });

  it('goes to a small part of the slots while its destination does not answer', async () => {
    await membership.beat();
    (await admitted())(hangingMs);
    const changes = { maxConcurrency: 1000 };
    let count = 0;
    while ((await admit(changes)).admitted) count++;
    expect(count).toBe(5);
  });

  it('is sent away for the longer the more were sent away for the same slots, whatever their destination', async () => {
    await membership.beat();
    const slow = Array.from({ length: 60 }, (_, index) => `dst_${index}`);
    const ends = await Promise.all(slow.map((destinationId) => admitted({ destinationId })));
    for (const end of ends) end(hangingMs);
    const waits = [];
    for (const destinationId of [...slow, ...slow]) {
      const admission = await admit({ destinationId });
      if (!admission.admitted) waits.push(admission.retryInMs);
    }
    expect(Math.max(...waits)).toBeGreaterThan(5000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(120_000);
  });
});

describe('a test', () => {
  beforeEach(async () => {
    await membership.beat();
    await membership.beat();
  });

  it('counts for the concurrency of its destination, with its attempts', async () => {
    const end = await admitted();
    const test = await admissions.admitTest(destination);
    expect(test.admitted).toBe(true);
    expect((await admissions.admitTest(destination)).admitted).toBe(false);
    await refused();
    end();
    expect((await admissions.admitTest(destination)).admitted).toBe(true);
  });

  it('counts for the rate of its destination, and holds no slot when it is over it', async () => {
    const slow = { ...destination, ratePerSecond: 0.1 };
    const test = await admissions.admitTest(slow);
    if (test.admitted) test.end();
    expect(test.admitted).toBe(true);
    expect((await admissions.admitTest(slow)).admitted).toBe(false);
    expect(underWay.ofDestination('dst_1')).toBe(0);
  });

  it('takes no slot that deliveries share', async () => {
    await admissions.admitTest(destination);
    expect(underWay.of({ destinationId: 'dst_1', tenantId: 't' })).toMatchObject({
      destination: 1,
      partition: { quick: 0, unknown: 0, slow: 0 },
    });
  });
});
