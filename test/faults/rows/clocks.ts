import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from './row.js';

/** One service's clock is wrong: the timetable goes by Postgres' clock. */
export const clockFaults: readonly Row[] = [
  wrong('ledger-ahead', 'ledger:ahead:1d', 'the clock of the ledger is a day ahead'),
  wrong('ledger-behind', 'ledger:behind:1h', 'the clock of the ledger is an hour behind'),
  wrong('router-ahead', 'router:ahead:1d', 'the clock of the router is a day ahead'),
  wrong('router-behind', 'router:behind:1h', 'the clock of the router is an hour behind'),
];

function wrong(name: string, arming: string, what: string): Row {
  return {
    name: `clock-${name}`,
    what,
    duplicatesPerStrike: 0,
    outageMs: 0,
    fault: async (posthorn, durationMs) => {
      posthorn.arm(arming);
      await delay(durationMs);
      posthorn.arm('');
      return { strikes: 1 };
    },
  };
}
