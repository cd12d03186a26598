import { create, EventAccepted, newId } from '#libs/contracts';
import { addPartitions, type Database, type Day, dropPartition, partitionDays, sql } from '#libs/persistence';
import { migratedDatabase, until } from '#libs/testing';
import { migrations } from '../../migrations/index.js';
import type { RouterTables } from '../router.tables.js';
import { InboxRepository } from './inbox.repository.js';

const table = { name: 'inbox', column: 'day' };

let drop: () => Promise<void>;
let databases: Database<RouterTables>[];
let inboxes: InboxRepository[];

beforeAll(async () => {
  const settings = { schema: 'router', migrations, statementTimeoutMs: 10_000 };
  const opened = await migratedDatabase<RouterTables>(settings);
  databases = [opened.database, opened.another(), opened.another(), opened.another()];
  ({ drop } = opened);
  inboxes = databases.map((database) => new InboxRepository(database));
});

afterAll(() => drop());

const accepted = (eventId: string, tenantId = 't'): EventAccepted => {
  const acceptedAt = new Date().toISOString();
  return create(EventAccepted, {
    tenantId,
    eventId,
    eventType: 'a.b',
    timestamp: acceptedAt,
    acceptanceId: newId('acc'),
    acceptedAt,
    source: 'http',
    body: Buffer.from('1'),
  });
};

/** Each by a router of its own, all at once. @returns the acceptances that count. */
const claimEach = async (events: readonly EventAccepted[]): Promise<string[]> => {
  const claims = await Promise.all(events.map((event, n) => inboxes[n % inboxes.length]!.claim([event])));
  return claims.flatMap(({ counting }) => counting.map((event) => event.acceptanceId));
};

const onFirst = <Result>(work: Parameters<Database<RouterTables>['transaction']>[0]): Promise<Result> =>
  databases[0]!.transaction(work) as Promise<Result>;

/** As if it were still that day: the next rotation begins today. */
const backTo = (daysAgo: number): Promise<void> =>
  onFirst(async (db) => {
    for (const day of await partitionDays(db, table)) await dropPartition(db, table, day);
    await sql`delete from inbox_days`.execute(db);
    const { rows } = await sql<{ day: Day }>`
      insert into inbox_days (day) values ((now() at time zone 'UTC')::date - ${daysAgo}::integer)
      returning to_char(day, 'YYYY-MM-DD') as day`.execute(db);
    await addPartitions(db, table, [rows[0]!.day]);
  });

const age = (days: number): Promise<unknown> =>
  onFirst((db) =>
    sql`update inbox_days set closed_at = closed_at - ${days}::integer * interval '1 day'`.execute(db),
  );

/** Whether a query of ours that has this in it waits for a lock. */
const waiting = async (text: string): Promise<boolean> => {
  const { rows } = await databases[3]!.run((db) =>
    sql`
      select from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database() and query like ${`%${text}%`}`.execute(
      db,
    ),
  );
  return rows.length > 0;
};

describe('the inbox', () => {
  it('lets one of 50 acceptances count that come at once through several routers', async () => {
    const events = Array.from({ length: 50 }, () => accepted('at-once'));
    expect(await claimEach(events)).toHaveLength(1);
  });

  it('lets the acceptance that counts be routed again, and no other', async () => {
    const first = accepted('again');
    const second = accepted('again');
    expect(await inboxes[0]!.claim([first])).toEqual({ counting: [first], repeated: [] });
    expect(await inboxes[1]!.claim([second, first])).toEqual({ counting: [first], repeated: [second] });
    expect(await inboxes[2]!.claim([second])).toEqual({ counting: [], repeated: [second] });
  });

  it('tells repeats apart within one batch, in the order of the batch', async () => {
    const [one, other, repeat] = [accepted('one'), accepted('other'), accepted('one')];
    expect(await inboxes[0]!.claim([other, one, repeat, one])).toEqual({
      counting: [other, one, one],
      repeated: [repeat],
    });
  });

  it('keeps the ids of one tenant apart from those of another', async () => {
    expect(await claimEach([accepted('shared', 'a'), accepted('shared', 'b')])).toHaveLength(2);
  });

  it('does not let batches of the same events block one another', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => `batch-${n}`);
    const batches = Array.from({ length: 12 }, (_, n) =>
      (n % 2 === 0 ? ids : ids.toReversed()).map((id) => accepted(id)),
    );
    const claims = await Promise.all(batches.map((batch, n) => inboxes[n % inboxes.length]!.claim(batch)));
    const counting = claims.flatMap((claim) => claim.counting.map((event) => event.eventId));
    expect(counting.toSorted()).toEqual(ids.toSorted());
  });

  it('lets one count also when a day begins between the claims', async () => {
    for (let round = 0; round < 10; round++) {
      await backTo(1);
      const events = Array.from({ length: 50 }, () => accepted(`midnight-${round}`));
      const [counting, rotations] = await Promise.all([
        claimEach(events),
        Promise.all(inboxes.map((inbox) => inbox.rotate())),
      ]);
      expect(counting).toHaveLength(1);
      expect(rotations.flatMap(({ begun }) => begun)).toHaveLength(1);
      expect(await claimEach([accepted(`midnight-${round}`)])).toEqual([]);
    }
  });

  it('writes what is claimed while a day begins into that day, and not into the one before', async () => {
    await backTo(1);
    // Plans and connections are ready, as in a router that has been running.
    await claimEach(Array.from({ length: 40 }, (_, n) => accepted(`before-${n}`)));
    await onFirst((db) =>
      sql`insert into inbox_days values ('2000-01-01', now() - interval '10 days')`.execute(db),
    );
    await onFirst((db) => addPartitions(db, table, ['2000-01-01']));
    const { rotation, claims } = await onFirst<{ rotation: Promise<unknown>; claims: Promise<unknown> }>(
      async (db) => {
        // The rotation stops at this day, with the new one begun and nothing committed.
        await sql`select from inbox_days where day = '2000-01-01' for update`.execute(db);
        const running = inboxes[1]!.rotate();
        await until('a rotation that waits', () => waiting('delete from inbox_days'));
        const claiming = claimEach(Array.from({ length: 4 }, (_, n) => accepted(`while-${n}`)));
        await until('claims that wait', () => waiting('claim_events'));
        return { rotation: running, claims: claiming };
      },
    );
    await Promise.all([rotation, claims]);
    const { rows } = await onFirst<{ rows: { today: boolean }[] }>((db) =>
      sql`
        select day = (now() at time zone 'UTC')::date as today from inbox
        where event_id like 'while-%'`.execute(db),
    );
    expect(rows).toEqual(Array.from({ length: 4 }, () => ({ today: true })));
  });

  it('begins a day once, and only when it is time', async () => {
    await backTo(1);
    expect((await inboxes[0]!.rotate()).begun).toHaveLength(1);
    expect(await inboxes[1]!.rotate()).toEqual({ begun: [], forgotten: [] });
  });

  it('remembers an id for seven days after its day was closed, and then forgets the whole day', async () => {
    await backTo(1);
    const first = accepted('week');
    await inboxes[0]!.claim([first]);
    await inboxes[0]!.rotate();
    await age(6);
    expect((await inboxes[0]!.rotate()).forgotten).toEqual([]);
    expect(await claimEach([accepted('week')])).toEqual([]);
    await age(1);
    expect((await inboxes[0]!.rotate()).forgotten).toHaveLength(1);
    expect(await onFirst((db) => partitionDays(db, table))).toHaveLength(1);
    const anew = accepted('week');
    expect(await claimEach([anew])).toEqual([anew.acceptanceId]);
  });
});
