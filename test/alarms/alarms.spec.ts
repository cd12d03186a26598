import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { dockerAnswers } from '#libs/servers';
import { inspectedEnvironment, RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { alarmFaults } from './alarm-faults.js';
import { tenant } from './meanwhile.js';
import { hasPrometheus, Prometheus } from '../observability/prometheus.js';
import { quickened } from './quickened.js';

/** All is well for so long first: longer than any alert has to be pending. */
const quietS = 70;
const fireDeadlineMs = 180_000;

const rules = readFileSync('docker/prometheus/posthorn.rules.yml', 'utf8');
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);

const isInDocker = process.env['POSTHORN_INFRASTRUCTURE'] !== 'native' && (await dockerAnswers());
const possible = alarmFaults.filter(({ needsDocker = false }) => isInDocker || !needsDocker);

if (!hasPrometheus)
  process.stderr.write('No alert is tried: prometheus is not here (Debian: apt-get install prometheus).\n');
for (const { what } of alarmFaults.filter((fault) => !possible.includes(fault)))
  process.stderr.write(`Not tried: ${what}. RabbitMQ is not in a container.\n`);

it('has a fault for every alert', () => {
  expect(alarmFaults.flatMap((fault) => fault.alerts).toSorted()).toEqual(alerts.toSorted());
});

(hasPrometheus ? describe : describe.skip)('to a Prometheus in which time goes faster', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;
  let prometheus: Prometheus;
  const over = new AbortController();
  let load: Promise<void> = Promise.resolve();

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('alarms', {
      RETRY_SCHEDULE: '500ms,1s',
      CIRCUIT_FAILURES: '2',
      DATABASE_POOL_SIZE: '2',
      DATABASE_STATEMENT_TIMEOUT_MS: '1000',
      SWEEP_AFTER: '60s',
      SWEEP_INTERVAL_MS: '500',
      ...inspectedEnvironment,
    });
    await posthorn.call('PUT', `/tenants/${tenant}`, {});
    await posthorn.subscribe(tenant, { url: receiver.url('/'), eventTypes: ['a'] });
    prometheus = await Prometheus.start(posthorn, { name: 'alarms-prometheus', rules: quickened, everyS: 1 });
    load = publishAll(posthorn, over.signal);
  }, 240_000);

  afterAll(async () => {
    over.abort();
    await load;
    await prometheus.stop();
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  it('no alert fires while all is well', async () => {
    // A Prometheus that has only just started has not seen everybody yet.
    const all = String(posthorn.run.services.length);
    const isSeen = async () => (await prometheus.ask('count(posthorn_build_info)')).values[0] === all;
    await until('every service to be seen', isSeen, 30_000);
    await until('what that caused to be over', async () => (await prometheus.firing()).length === 0, 30_000);
    await delay((quietS + 5) * 1000);
    expect(await prometheus.fired(quietS)).toEqual([]);
  }, 150_000);

  it.each(possible)(
    '$what: $alerts',
    async ({ alerts: expected, bring }) => {
      const isFiring = async (name: string): Promise<boolean> => (await prometheus.firing()).includes(name);
      await until(
        'what was before to be over',
        async () => !(await prometheus.firing()).some((name) => expected.includes(name)),
        fireDeadlineMs,
      );
      // One after the other: they need not fire at the same moment.
      await bring({ posthorn, receiver }, async () => {
        for (const name of expected) await until(name, () => isFiring(name), fireDeadlineMs);
      });
    },
    600_000,
  );
});

/** Through what is refused, too: a publisher goes on. */
async function publishAll(posthorn: RunningPosthorn, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await posthorn.publish(tenant, { type: 'a', data: 1 }).catch(() => undefined);
    await delay(100, undefined, { signal: over }).catch(() => undefined);
  }
}
