import { outage, type Row, strikes } from './row.js';

/** Postgres dies, stands still, or has somebody's lock on the books. */
export const postgresFaults: readonly Row[] = [
  {
    name: 'postgres-killed',
    what: 'Postgres is killed and started again',
    inPullRequests: true,
    duplicatesPerStrike: 0,
    outageMs: 15_000,
    fault: (posthorn, durationMs) =>
      strikes(durationMs, 8000, () => {
        posthorn.whole.killDatabase();
        return posthorn.database.isBack();
      }),
  },
  {
    name: 'postgres-frozen',
    what: 'Postgres stands still for a minute',
    duplicatesPerStrike: 0,
    outageMs: 90_000,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) =>
      outage(Math.min(durationMs, 60_000), {
        begin: () => posthorn.whole.freezeDatabase(),
        end: () => posthorn.whole.thawDatabase(),
      }),
  },
  {
    name: 'postgres-locked',
    what: 'somebody holds a lock on deliveries and destinations for half a minute',
    duplicatesPerStrike: 0,
    outageMs: 60_000,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) =>
      outage(
        Math.min(durationMs, 30_000),
        posthorn.database.lock('ledger.deliveries', 'router.destinations', 'dispatcher.destinations'),
      ),
  },
];
