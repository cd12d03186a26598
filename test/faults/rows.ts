import { setTimeout as delay } from 'node:timers/promises';
import { brokerFaults } from './rows/broker.js';
import { clockFaults } from './rows/clocks.js';
import { clusterFaults } from './rows/cluster.js';
import { kills } from './rows/kills.js';
import { messageFaults } from './rows/messages.js';
import { networkFaults } from './rows/network.js';
import { postgresFaults } from './rows/postgres.js';
import { replayFaults } from './rows/replays.js';
import { rollingRestarts } from './rows/rolling-restarts.js';
import type { Row } from './rows/row.js';

const noFault: Row = {
  name: 'no-fault',
  what: 'nothing',
  inPullRequests: true,
  duplicatesPerStrike: 0,
  outageMs: 0,
  fault: async (_posthorn, durationMs) => {
    await delay(durationMs);
    return { strikes: 1 };
  },
};

/** The matrix. */
export const rows: readonly Row[] = [
  noFault,
  ...kills,
  ...replayFaults,
  ...brokerFaults,
  ...postgresFaults,
  ...messageFaults,
  ...clockFaults,
  ...rollingRestarts,
  ...networkFaults,
  ...clusterFaults,
];
