import { setTimeout as delay } from 'node:timers/promises';
import { inFlight, outage, type Row, strikes } from './row.js';

/** The way to RabbitMQ is bad. */
export const networkFaults: readonly Row[] = [
  {
    name: 'link-reset',
    what: 'every connection to RabbitMQ is reset each 2 s',
    stage: 'proxied',
    duplicatesPerStrike: inFlight,
    outageMs: 10_000,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) => strikes(durationMs, 2000, () => posthorn.link.resetAll()),
  },
  {
    name: 'link-slow',
    what: 'RabbitMQ is 200 ms away',
    stage: 'proxied',
    duplicatesPerStrike: 0,
    outageMs: 30_000,
    fault: (posthorn, durationMs) =>
      outage(durationMs, { begin: () => posthorn.link.delay(100), end: () => posthorn.link.heal() }),
  },
  {
    name: 'link-black',
    what: 'the way to RabbitMQ swallows everything for 20 s, and connections stay open',
    stage: 'proxied',
    duplicatesPerStrike: inFlight,
    outageMs: 20_000,
    mayNeedRepair: true,
    fault: (posthorn) =>
      outage(20_000, { begin: () => posthorn.link.blackhole(), end: () => posthorn.link.heal() }),
  },
  {
    name: 'link-one-way',
    what: 'what RabbitMQ says does not arrive, for 6 s at a time',
    stage: 'proxied',
    duplicatesPerStrike: inFlight,
    outageMs: 30_000,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) =>
      strikes(durationMs, 8000, async () => {
        posthorn.link.cut('toClient');
        await delay(6000);
        await posthorn.link.heal();
        return Date.now();
      }),
  },
];
