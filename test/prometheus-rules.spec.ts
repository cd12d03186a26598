import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const rules = readFileSync('docker/prometheus/posthorn.rules.yml', 'utf8');
const tests = readFileSync('docker/prometheus/posthorn.rules.test.yml', 'utf8');
const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name = '']) => name);
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

if (!hasPromtool)
  process.stderr.write('The rules are not run: promtool is not here (Debian: apt-get install prometheus).\n');

(hasPromtool ? describe : describe.skip)('the rules', () => {
  it('fire when they should, and are quiet when all is well', () => {
    const { status, stdout, stderr } = spawnSync(
      'promtool',
      ['test', 'rules', 'docker/prometheus/posthorn.rules.test.yml'],
      { encoding: 'utf8' },
    );
    expect(`${stdout}${stderr}`).not.toContain('FAILED');
    expect(status).toBe(0);
  });
});

describe('the alerts', () => {
  it('each have a test, a severity, and a page that says what to do', () => {
    const pages = readdirSync('docs/runbooks').map((file) => file.replace(/\.md$/, ''));
    expect(pages.toSorted()).toEqual(alerts.toSorted());
    for (const alert of alerts) {
      expect(tests).toContain(`name: ${alert}\n`);
      expect(tests).toContain(`eval_time: 118m, alertname: ${alert} }`);
      expect(rules).toContain(`runbook: docs/runbooks/${alert}.md\n`);
    }
    expect(rules.match(/labels: \{ severity: (page|ticket) \}/g)).toHaveLength(alerts.length);
  });

  it('ask only for metrics that there are', () => {
    const known = readFileSync('docs/reference/metrics.md', 'utf8');
    const asked = rules.match(/\b(posthorn|db_client|messaging|nodejs_eventloop)_\w+/g) ?? [];
    for (const name of asked.filter((one) => !one.startsWith('messaging_destination')))
      expect(known).toContain(`\`${name.replace(/_(bucket|count|sum)$/, '')}\``);
  });
});
