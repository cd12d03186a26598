import { setTimeout as delay } from 'node:timers/promises';
import { inFlight, type Row, strikes } from './row.js';

/** Every queue has a leader and two followers. */
export const clusterFaults: readonly Row[] = [
  {
    name: 'cluster-killed',
    what: 'one of three RabbitMQ nodes is killed and started again, one after the other',
    stage: 'cluster',
    needsDocker: true,
    duplicatesPerStrike: inFlight,
    outageMs: 30_000,
    fault: (posthorn, durationMs) =>
      strikes(durationMs, 8000, async () => {
        const node = posthorn.cluster.next();
        posthorn.cluster.kill(node);
        await delay(5000);
        return posthorn.cluster.startAgain(node);
      }),
  },
  {
    name: 'cluster-partition',
    what: 'one of three RabbitMQ nodes is cut off from the others for 20 s, and its clients are not',
    stage: 'cluster',
    needsDocker: true,
    duplicatesPerStrike: inFlight,
    outageMs: 30_000,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) =>
      strikes(durationMs, 20_000, async () => {
        const node = posthorn.cluster.next();
        posthorn.cluster.isolate(node);
        await delay(20_000);
        posthorn.cluster.join(node);
        return Date.now();
      }),
  },
  {
    name: 'cluster-rolling',
    what: 'the three RabbitMQ nodes are stopped and started in good order, one after the other',
    stage: 'cluster',
    needsDocker: true,
    duplicatesPerStrike: inFlight,
    outageMs: 30_000,
    fault: (posthorn, durationMs) =>
      strikes(durationMs, 5000, () => posthorn.cluster.restart(posthorn.cluster.next())),
  },
];
