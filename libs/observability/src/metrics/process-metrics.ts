import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, register } from 'prom-client';
import { gauge } from './instruments.js';

/** It does not come. */
const longestTimerMs = 2 ** 31 - 1;

let areKept = false;

const buildInfo = gauge({
  name: 'posthorn_build_info',
  help: '1 for each process that runs; its version is a label.',
  labels: ['version'],
});

const eventLoopTime = new Counter({
  name: 'nodejs_eventloop_time_seconds_total',
  help: 'Time that the event loop has spent working (active) and waiting (idle). Always active: the process is at its limit.',
  labelNames: ['nodejs_eventloop_state'],
  collect() {
    const { active, idle } = performance.eventLoopUtilization();
    eventLoopTime.reset();
    eventLoopTime.inc({ nodejs_eventloop_state: 'active' }, active / 1000);
    eventLoopTime.inc({ nodejs_eventloop_state: 'idle' }, idle / 1000);
  },
});

/** What every process shows: which service it is, on all that it shows, its version, and how Node fares. */
export function keepProcessMetrics(service: string, version: string): void {
  register.setDefaultLabels({ service_name: service });
  buildInfo.set({ version }, 1);
  if (!areKept) keepNodeMetrics();
  areKept = true;
}

/**
 * Without the delays of the event loop: prom-client would have a timer fire a hundred times a second in each process,
 * which is most of what one takes that has nothing to do. The time that the loop is active tells as much.
 */
function keepNodeMetrics(): void {
  collectDefaultMetrics({ eventLoopMonitoringPrecision: longestTimerMs });
  for (const name of ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'])
    register.removeSingleMetric(`nodejs_eventloop_lag_${name}_seconds`);
}
