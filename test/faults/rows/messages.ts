import { until } from '#libs/testing';
import { readList } from '../books.js';
import type { FaultedPosthorn } from '../faulted-posthorn.js';
import { type Row, strikes, type Struck } from './row.js';

const queues = [
  'gateway.ingest-event',
  'router.route-event',
  'dispatcher.deliver-event.p0',
  'ledger.record-event',
  'ledger.record-routing',
  'ledger.record-attempt',
];
/** Not JSON, not an object, an unknown version, the right version without its fields. */
const poisons = [
  { body: '\u0001\u0002{', properties: { contentType: 'application/json' } },
  { body: 'null', properties: { contentType: 'application/json' } },
  { body: '{}', properties: { type: 'event.accepted.v99', contentType: 'application/json' } },
  { body: '{}', properties: { type: 'delivery.attempted.v1', contentType: 'application/json' } },
] as const;
const collectDeadlineMs = 60_000;

/** Messages that nobody can process, among good ones. */
export const messageFaults: readonly Row[] = [
  {
    name: 'poison',
    what: 'messages that cannot be read, or are of an unknown version, come among the others',
    inPullRequests: true,
    duplicatesPerStrike: 0,
    outageMs: 0,
    fault: async (posthorn, durationMs): Promise<Struck> => {
      const before = await parkedCount(posthorn);
      let sent = 0;
      await strikes(durationMs, 1000, async () => {
        for (const queue of queues) {
          const poison = poisons[sent++ % poisons.length];
          if (poison) await posthorn.broker.send(queue, poison.body, poison.properties);
        }
      });
      const parked = async (): Promise<number> => (await parkedCount(posthorn)) - before;
      const areParked = async (): Promise<boolean> => (await parked()) === sent;
      await until('all poison to be parked', areParked, collectDeadlineMs).catch(() => undefined);
      const seen = await parked();
      return { strikes: sent, faults: seen === sent ? [] : [`${sent} poisons sent, ${seen} parked`] };
    },
  },
];

async function parkedCount({ whole }: FaultedPosthorn): Promise<number> {
  return (await readList(whole, '/parked')).length;
}
