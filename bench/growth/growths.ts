import { inDatabase } from '#libs/testing';
import type { Client } from 'pg';
import { atOnce } from '../load/at-once.js';
import { typeOf } from '../load/event-names.js';
import type { Subject } from '../subject.js';
import { fillHistory, fillTimetable, type Owner } from './fill-ledger.js';

/** One thing of which there comes to be much, and how it gets there. */
export interface Growth {
  readonly name: string;
  readonly what: string;
  readonly count: number;
  readonly grow: (growing: Growing) => Promise<void>;
}

export interface Growing {
  readonly subject: Subject;
  /** The tenant that is measured. */
  readonly owner: Owner;
  /** For destinations that nothing is sent to. */
  readonly unusedUrl: string;
  readonly count: number;
  readonly said: (done: number) => void;
}

const callsAtOnce = 8;
/** Of events that are never published. */
const unusedType = 'bench.grown';

/** In this order, each on top of those before. */
export const growths: readonly Growth[] = [
  {
    name: 'history',
    what: 'events in the history of the tenant that is measured, each delivered',
    count: 1_000_000,
    grow: ({ subject, owner, ...wanted }) =>
      inDatabaseOf(subject, (ledger) => fillHistory(ledger, owner, wanted)),
  },
  {
    name: 'timetable',
    what: 'deliveries that wait for the next attempt, at the destinations that are measured',
    count: 1_000_000,
    grow: ({ subject, owner, ...wanted }) =>
      inDatabaseOf(subject, (ledger) => fillTimetable(ledger, owner, wanted)),
  },
  {
    name: 'destinations',
    what: 'destinations more in the tenant that is measured, for other types of events',
    count: 100_000,
    grow: async ({ subject, owner, unusedUrl: url, count, said }) =>
      atOnce(callsAtOnce, numbersTo(count), async (number) => {
        await subject.must('POST', `/tenants/${owner.tenantId}/destinations`, {
          url,
          eventTypes: [unusedType],
        });
        said(number);
      }),
  },
  {
    name: 'tenants',
    what: 'tenants more, each with a destination for the type that is measured',
    count: 100_000,
    grow: async ({ subject, unusedUrl: url, count, said }) =>
      atOnce(callsAtOnce, numbersTo(count), async (number) => {
        const path = `/tenants/grown-${number}`;
        await subject.must('PUT', path, { name: `Grown ${number}` });
        await subject.must('POST', `${path}/destinations`, { url, eventTypes: [typeOf(0)] });
        said(number);
      }),
  },
];

/** @throws an error that names what there is not. */
export function chosenGrowths(names: readonly string[]): readonly Growth[] {
  const unknown = names.find((name) => growths.every((growth) => growth.name !== name));
  if (unknown === undefined) return growths.filter(({ name }) => names.includes(name));
  throw new Error(`There is no growth ${unknown}: there are ${growths.map(({ name }) => name).join(', ')}.`);
}

/** What Postgres does by itself in the course of a day, so that it does not do it while something is measured. */
export function tidy(subject: Subject): Promise<void> {
  return inDatabaseOf(subject, async (client) => {
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  });
}

function inDatabaseOf({ posthorn }: Subject, work: (client: Client) => Promise<void>): Promise<void> {
  return inDatabase(posthorn.run.databaseUrl, work);
}

function* numbersTo(count: number): Generator<number> {
  for (let number = 1; number <= count; number++) yield number;
}
