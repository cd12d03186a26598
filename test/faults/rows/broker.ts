import { setTimeout as delay } from 'node:timers/promises';
import { inFlight, outage, type Row, type Struck, strikes } from './row.js';

const minute = 60_000;

/** RabbitMQ dies, stands still, is away, forgets, refuses. */
export const brokerFaults: readonly Row[] = [
  {
    name: 'broker-killed',
    what: 'RabbitMQ is killed with messages waiting in it, and started again',
    inPullRequests: true,
    duplicatesPerStrike: inFlight,
    outageMs: 20_000,
    fault: (posthorn, durationMs) =>
      strikes(durationMs, 5000, async () => {
        posthorn.signal('SIGSTOP', 'router', 'ledger');
        await delay(1500);
        posthorn.whole.killBroker();
        posthorn.signal('SIGCONT', 'router', 'ledger');
        return posthorn.broker.isBack();
      }),
  },
  {
    name: 'broker-frozen',
    what: 'RabbitMQ stands still, for 90 s in the whole matrix',
    inPullRequests: true,
    duplicatesPerStrike: inFlight,
    outageMs: 20_000,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) =>
      outage(durationMs < minute ? 12_000 : 90_000, {
        begin: () => posthorn.whole.freezeBroker(),
        end: () => posthorn.whole.thawBroker(),
      }),
  },
  {
    name: 'broker-away',
    what: 'RabbitMQ refuses connections for 10 minutes',
    needsDocker: true,
    duplicatesPerStrike: inFlight,
    outageMs: 20_000,
    loadMs: 10_000,
    // What was sent to be tried before the outage is taken to be lost by then.
    mayNeedRepair: true,
    fault: (posthorn, durationMs) =>
      outage(durationMs < minute ? durationMs : 10 * minute, {
        begin: () => posthorn.broker.ctl('stop_app'),
        end: () => posthorn.broker.ctl('start_app'),
      }),
  },
  {
    name: 'broker-wiped',
    what: 'RabbitMQ loses all its data, and its users are made again',
    needsDocker: true,
    duplicatesPerStrike: inFlight,
    outageMs: 60_000,
    onlyRecorded: true,
    mayNeedRepair: true,
    fault: async (posthorn): Promise<Struck> => {
      await delay(3000);
      await posthorn.broker.wipe();
      const overAtMs = Date.now();
      return { strikes: 1, backAtMs: [overAtMs], overAtMs };
    },
  },
  alarm('memory-alarm', 'RabbitMQ is short of memory', {
    begin: ['set_vm_memory_high_watermark', 'absolute', '1MB'],
    end: ['set_vm_memory_high_watermark', '0.6'],
  }),
  alarm('disk-alarm', 'RabbitMQ is short of disk space', {
    begin: ['set_disk_free_limit', '100000GB'],
    end: ['set_disk_free_limit', '50MB'],
  }),
  {
    name: 'queues-deleted',
    what: 'every queue is deleted, with all that is in it',
    inPullRequests: true,
    duplicatesPerStrike: inFlight,
    outageMs: 30_000,
    onlyRecorded: true,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) => strikes(durationMs, 10_000, () => posthorn.broker.deleteQueues()),
  },
];

/** Publishers are blocked, consumers are not. */
function alarm(
  name: string,
  what: string,
  { begin, end }: { readonly begin: readonly string[]; readonly end: readonly string[] },
): Row {
  return {
    name,
    what: `${what}, for two minutes in the whole matrix`,
    needsDocker: true,
    duplicatesPerStrike: inFlight,
    outageMs: 20_000,
    loadMs: 15_000,
    mayNeedRepair: true,
    fault: (posthorn, durationMs) =>
      outage(durationMs < minute ? 12_000 : 2 * minute, {
        begin: () => posthorn.broker.ctl(...begin),
        end: () => posthorn.broker.ctl(...end),
      }),
  };
}
