import { Readings } from '#libs/observability';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { mostCounted, type Standing, StandingRepository } from './standing.repository.js';

const standingEveryMs = 15_000;
const sizesEveryMs = 60_000;
const bounded = `Counted up to ${mostCounted}, at most each ${standingEveryMs / 1000} s; every ledger shows the same.`;

const standing = new Readings(
  {
    due: {
      name: 'posthorn_deliveries_due',
      help: `Deliveries whose time has come and that have not been sent, of destinations that answer. ${bounded}`,
    },
    oldestDue: {
      name: 'posthorn_deliveries_due_oldest_seconds',
      help: 'For how long the one of them that has waited longest has been due. A destination over its own limits makes this grow, too.',
    },
    timetableLate: {
      name: 'posthorn_timetable_late_seconds',
      help: 'How far the ledger is behind its timetable: since when the destination whose turn is next should have been looked at.',
    },
    held: {
      name: 'posthorn_deliveries_held',
      help: `Deliveries that wait for their destination, because it is disabled or its circuit is open. ${bounded}`,
      labels: ['reason'],
    },
    onTheWay: {
      name: 'posthorn_deliveries_on_the_way',
      help: `Deliveries that were handed to the dispatchers and not reported yet. ${bounded}`,
    },
    onTheWayOldest: {
      name: 'posthorn_deliveries_on_the_way_oldest_seconds',
      help: 'Since when the oldest of them has been on its way. After SWEEP_AFTER the sweeper looks for it.',
    },
    unrouted: {
      name: 'posthorn_events_unrouted',
      help: `Events that are in the books and of which the router has said nothing yet. ${bounded}`,
    },
    unroutedOldest: {
      name: 'posthorn_events_unrouted_oldest_seconds',
      help: 'Since when the oldest of them has been in the books.',
    },
    parked: {
      name: 'posthorn_parked_messages',
      help: `Messages that could not be processed and are kept until they are put back or dropped. ${bounded}`,
    },
    circuitsOpen: {
      name: 'posthorn_circuits_open',
      help: 'Destinations that do not answer and are left alone but for probes.',
    },
    destinations: { name: 'posthorn_destinations', help: 'Destinations of all tenants.' },
    replays: {
      name: 'posthorn_replays_unfinished',
      help: 'Replays that are counting or running, of all tenants; dry runs, too.',
    },
    replaysRemaining: {
      name: 'posthorn_replays_remaining_deliveries',
      help: 'Deliveries that they have still to send again, as far as they have counted.',
    },
  },
  standingEveryMs,
);

const sizes = new Readings(
  {
    bytes: {
      name: 'posthorn_table_size_bytes',
      help: 'What the partitions of a table take up in the database, indexes included.',
      labels: ['table'],
    },
    daysAhead: {
      name: 'posthorn_partitions_ahead_days',
      help: 'How many days to come have a partition. 0: rows of tomorrow go where they cannot be dropped by the day.',
      labels: ['table'],
    },
  },
  sizesEveryMs,
);

/** Shows how the books stand, to whoever asks for the metrics. */
@Injectable()
export class ShowStanding implements OnModuleInit {
  constructor(private readonly books: StandingRepository) {}

  onModuleInit(): void {
    standing.from(async () => figuresOf(await this.books.read()));
    sizes.from(async () => {
      const tables = await this.books.sizes();
      return {
        bytes: tables.map(({ table, bytes }) => [{ table }, bytes] as const),
        daysAhead: tables.map(({ table, daysAhead }) => [{ table }, daysAhead] as const),
      };
    });
  }
}

function figuresOf(found: Standing) {
  return {
    due: found.due,
    oldestDue: found.oldestDueS,
    timetableLate: found.timetableLateS,
    held: [
      [{ reason: 'destination_disabled' }, found.heldDisabled],
      [{ reason: 'circuit_open' }, found.heldByCircuit],
    ] as const,
    onTheWay: found.onTheWay,
    onTheWayOldest: found.onTheWayOldestS,
    unrouted: found.unrouted,
    unroutedOldest: found.unroutedOldestS,
    parked: found.parked,
    circuitsOpen: found.circuitsOpen,
    destinations: found.destinations,
    replays: found.replays,
    replaysRemaining: found.replaysRemaining,
  };
}
