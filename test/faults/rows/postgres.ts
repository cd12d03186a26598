import type { FaultedPosthorn } from '../faulted-posthorn.js';
import { outage, type Row, strikes, type Struck } from './row.js';

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
    outageMs: 30_000,
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
    outageMs: 30_000,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) =>
      outage(
        Math.min(durationMs, 30_000),
        posthorn.database.lock(['ledger.deliveries', 'router.destinations', 'dispatcher.destinations']),
      ),
  },
  {
    name: 'postgres-disk-full',
    what: 'the disk of Postgres is full for half a minute',
    stage: 'small-disk',
    needsDocker: true,
    duplicatesPerStrike: 0,
    outageMs: 30_000,
    mayNeedRepair: true,
    fault: fillDisk,
  },
];

async function fillDisk(posthorn: FaultedPosthorn, durationMs: number): Promise<Struck> {
  const { smallDisk } = posthorn;
  const struck = await outage(Math.min(durationMs, 30_000), {
    begin: () => smallDisk.fill(),
    end: () => smallDisk.free(),
  });
  const hasRunOut = smallDisk.log.includes('No space left on device');
  return {
    ...struck,
    backAtMs: [await posthorn.database.isBack()],
    faults: hasRunOut ? [] : ['Postgres has not noticed that its disk was full'],
  };
}
