import { setTimeout as delay } from 'node:timers/promises';
import { create, deliveryId, TenantChanged } from '#libs/contracts';
import { behave, inDatabase, type RunningPosthorn, type WebhookReceiver } from '#libs/testing';
import type { Client } from 'pg';
import { BrokerSurgery } from '../faults/broker-surgery.js';
import {
  tenant,
  untilWhole,
  whileAsking,
  whileBusy,
  whileHanging,
  whileLocked,
  whilePublishing,
  whileRepeating,
} from './meanwhile.js';

export interface Scene {
  readonly posthorn: RunningPosthorn;
  readonly receiver: WebhookReceiver;
}

/** What brings alerts on. */
export interface AlarmFault {
  readonly what: string;
  readonly alerts: readonly string[];
  /** It reaches into the container of RabbitMQ. */
  readonly needsDocker?: boolean;
  /** Goes on until it is told that all of them fire; what it has broken is whole again when it resolves. */
  readonly bring: (scene: Scene, untilAllFire: () => Promise<void>) => Promise<void>;
}

/** Of events whose endpoints do not answer, or with an error. */
const types = { dead: 'dead', failing: 'failing' } as const;
const deadDestinations = 6;

export const alarmFaults: readonly AlarmFault[] = [
  {
    what: 'endpoints that are gone, and one that answers 500',
    alerts: ['PosthornCircuitsOpen', 'PosthornAttemptErrors'],
    bring: async ({ posthorn, receiver }, untilAllFire) => {
      receiver.answer('/failing', behave.respond({ status: 500 }));
      await posthorn.subscribe(tenant, { url: receiver.url('/failing'), eventTypes: [types.failing] });
      for (let number = 0; number < deadDestinations; number++)
        await posthorn.subscribe(tenant, { url: `http://127.0.0.1:1/${number}`, eventTypes: [types.dead] });
      await whilePublishing(posthorn, [types.dead, types.failing], untilAllFire);
    },
  },
  {
    what: 'a message that nobody can read',
    alerts: ['PosthornParked'],
    bring: async ({ posthorn }, untilAllFire) => {
      await posthorn.publishOverAmqp(tenant, 'not JSON');
      await untilAllFire();
    },
  },
  {
    what: 'a dispatcher that hangs',
    alerts: ['PosthornServiceDown', 'PosthornServiceMissing'],
    bring: ({ posthorn }, untilAllFire) => whileHanging(posthorn, 'dispatcher', untilAllFire),
  },
  {
    what: 'a router that hangs again and again',
    alerts: ['PosthornFirstAttemptSlow'],
    bring: async ({ posthorn }, untilAllFire) => {
      const hang = async (): Promise<void> => {
        // Longer than a first attempt may take, and then long enough for all of them.
        await whileHanging(posthorn, 'router', () => delay(12_000));
        await delay(1000);
      };
      await whileRepeating(hang, untilAllFire);
    },
  },
  {
    what: 'a broker that says nothing, and a change that waits for it',
    alerts: [
      'PosthornBrokerAway',
      'PosthornNothingAccepted',
      'PosthornPublishesRefused',
      'PosthornOutboxStuck',
    ],
    bring: async ({ posthorn }, untilAllFire) => {
      posthorn.freezeBroker();
      try {
        const message = create(TenantChanged, { tenantId: 'nobody', deleted: true });
        await inDatabase(posthorn.run.databaseUrl, (db) =>
          db.query('insert into registry.outbox (message_type, body) values ($1, $2)', [
            TenantChanged.type,
            JSON.stringify(message),
          ]),
        );
        await untilAllFire();
      } finally {
        posthorn.thawBroker();
        await untilWhole(posthorn);
      }
    },
  },
  {
    what: 'a broker that is short of memory',
    alerts: ['PosthornBrokerBlocked'],
    needsDocker: true,
    bring: async ({ posthorn }, untilAllFire) => {
      const broker = new BrokerSurgery(posthorn);
      broker.ctl('set_vm_memory_high_watermark', 'absolute', '1MB');
      await untilAllFire().finally(() => broker.ctl('set_vm_memory_high_watermark', '0.6'));
      await untilWhole(posthorn);
    },
  },
  {
    what: 'a broker that dies again and again',
    alerts: ['PosthornBrokerFlapping'],
    bring: async ({ posthorn }, untilAllFire) => {
      const die = (): Promise<void> => {
        posthorn.killBroker();
        return untilWhole(posthorn);
      };
      await whileRepeating(die, untilAllFire);
    },
  },
  {
    what: 'a router that cannot write to its database, and more events than it can take',
    alerts: ['PosthornDatabaseErrors', 'PosthornHandlerErrors', 'PosthornQueueLag'],
    bring: ({ posthorn }, untilAllFire) =>
      whileLocked(posthorn, { table: 'router.inbox', mode: 'exclusive' }, async () => {
        for (let batch = 0; batch < 4; batch++)
          await posthorn.call(
            'POST',
            `/tenants/${tenant}/events/batch`,
            Array.from({ length: 1000 }, () => ({ type: 'nobody.wants', data: 1 })),
          );
        await untilAllFire();
      }),
  },
  {
    what: 'many who ask for a table that Postgres gives to nobody',
    alerts: ['PosthornDatabasePoolWaiting'],
    bring: ({ posthorn }, untilAllFire) =>
      whileLocked(posthorn, { table: 'registry.destinations', mode: 'access exclusive' }, () =>
        whileAsking(posthorn, `/tenants/${tenant}/destinations`, untilAllFire),
      ),
  },
  {
    what: 'a ledger that cannot look into its lanes, with a delivery that is due',
    alerts: ['PosthornTimetableLate', 'PosthornDeliveriesOverdue'],
    bring: async ({ posthorn }, untilAllFire) => {
      await inDatabase(posthorn.run.databaseUrl, (db) =>
        insertWaiting(db, { createdMs: Date.now(), dueInS: 5 }),
      );
      await whileLocked(posthorn, { table: 'ledger.lanes', mode: 'exclusive' }, untilAllFire);
    },
  },
  {
    what: 'a delivery of yesterday whose event is nowhere',
    alerts: ['PosthornPayloadLost'],
    bring: async ({ posthorn }, untilAllFire) => {
      const twoDaysMs = 172_800_000;
      await inDatabase(posthorn.run.databaseUrl, (db) =>
        insertWaiting(db, { createdMs: Date.now() - twoDaysMs, dueInS: 0 }),
      );
      await untilAllFire();
    },
  },
  {
    what: 'a delivery that was asked for, and of which nobody ever told',
    alerts: ['PosthornSweeperRepairs'],
    bring: async ({ posthorn }, untilAllFire) => {
      await inDatabase(posthorn.run.databaseUrl, (db) =>
        db.query(
          `update ledger.deliveries set status = 'pending', updated_at = now() - interval '1 day'
           where (id, created_at) in (select id, created_at from ledger.deliveries where status = 'delivered' limit 1)`,
        ),
      );
      await untilAllFire();
    },
  },
  {
    what: 'days to come that have no partition',
    alerts: ['PosthornPartitionsMissing'],
    bring: async ({ posthorn }, untilAllFire) => {
      await inDatabase(posthorn.run.databaseUrl, dropDaysToCome);
      await untilAllFire();
    },
  },
  {
    what: 'a day with more payload than all days before',
    alerts: ['PosthornBooksGrowing'],
    bring: async ({ posthorn }, untilAllFire) => {
      await inDatabase(posthorn.run.databaseUrl, (db) => insertPayloads(db, 400));
      await untilAllFire();
    },
  },
  {
    what: 'a registry that goes round in circles',
    alerts: ['PosthornEventLoopBusy'],
    bring: ({ posthorn }, untilAllFire) => whileBusy(posthorn, 'registry', untilAllFire),
  },
];

/** As if it had failed once. Its event is not there. */
async function insertWaiting(
  db: Client,
  { createdMs, dueInS }: { createdMs: number; dueInS: number },
): Promise<void> {
  const acceptedAt = new Date(createdMs).toISOString();
  const eventId = `waits-${createdMs}`;
  const destinationId = `dst_waits-${createdMs}`;
  const id = deliveryId({ tenantId: tenant, eventId, acceptedAt }, destinationId);
  await db.query('begin');
  await db.query(
    `insert into ledger.deliveries (id, tenant_id, event_id, event_type, destination_id, status, attempt_count, due_at, created_at)
     values ($1, $2, $3, 'a', $4, 'retrying', 1, now() + $5 * interval '1 second', $6)`,
    [id, tenant, eventId, destinationId, dueInS, acceptedAt],
  );
  await db.query(
    "insert into ledger.lanes (destination_id, due_at) values ($1, now() + $2 * interval '1 second')",
    [destinationId, dueInS],
  );
  await db.query('commit');
}

/** A megabyte each, of events that are not there. */
async function insertPayloads(db: Client, count: number): Promise<void> {
  await db.query(
    `insert into ledger.payloads (tenant_id, event_id, acceptance_id, accepted_at, payload)
     select $1, 'large-' || number, 'large', now(), convert_to(repeat('x', 1000000), 'UTF8') from generate_series(1, $2) number`,
    [tenant, count],
  );
}

async function dropDaysToCome(db: Client): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits
     where inhparent = 'ledger.payloads'::regclass
       and pg_get_expr((select relpartbound from pg_class where oid = inhrelid), inhrelid) ~ 'FROM'
       and substring(pg_get_expr((select relpartbound from pg_class where oid = inhrelid), inhrelid) from '''([^'']+)''')::timestamptz > now()`,
  );
  for (const { name } of rows) await db.query(`drop table ${name}`);
}
