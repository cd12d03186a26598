import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePorts } from '#libs/servers';
import { behave, RunningPosthorn, until, WebhookReceiver } from '#libs/testing';

const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;
if (!hasPrometheus)
  process.stderr.write('No panel is asked: prometheus is not here (Debian: apt-get install prometheus).\n');

const dashboards = 'docker/grafana/dashboards';
const home = resolve('.posthorn/test/prometheus');
/** Of the panels' rates: a few scrapes. */
const rateInterval = '20s';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const queries = readdirSync(dashboards).flatMap((file) => {
  const { panels } = JSON.parse(readFileSync(join(dashboards, file), 'utf8')) as { panels: Panel[] };
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ what: `${file}: ${title}: ${expr}`, expr })),
  );
});

describe('what a running Posthorn shows', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;
  let secret = '';

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('observability', {
      RETRY_SCHEDULE: '200ms,400ms',
      LOG_LEVEL: 'debug',
    });
    await posthorn.call('PUT', '/tenants/t', {});
    for (const [path, type] of Object.entries({ '/ok': 'a', '/failing': 'b' })) {
      const destination = { url: receiver.url(path), eventTypes: [type] };
      const answer = await posthorn.call('POST', '/tenants/t/destinations', destination);
      secret = String(answer.body['secret']);
    }
    receiver.answer('/failing', behave.respond({ status: 500 }));
  }, 240_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  it('is in the logs, in the field names that docker/elk goes by, and without secrets', async () => {
    await publish(posthorn, 6);
    await receiver.received('/failing', 3);
    const text = await until('attempts in the log', () => {
      const all = logsOf(posthorn);
      return all.includes('"delivery.attempted"') && all;
    });
    for (const hidden of [secret, posthorn.run.apiKey, new URL(posthorn.run.amqpUrl).password])
      expect(text).not.toContain(hidden);
    const lines = text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const line of lines) {
      expect(Object.keys(line)).toEqual(
        expect.arrayContaining([
          '@timestamp',
          'log.level',
          'message',
          'ecs.version',
          'service.name',
          'event.action',
        ]),
      );
      expect(Object.keys(line).filter((name) => !isInSchema(name))).toEqual([]);
    }
    const attempt = lines.find((line) => line['event.outcome'] === 'failure');
    expect(attempt).toMatchObject({
      'service.name': 'dispatcher',
      'posthorn.tenant_id': 't',
      'posthorn.error_class': 'http_5xx',
      'http.response.status_code': 500,
    });
    for (const name of searchedFields()) expect([name, isInSchema(name)]).toEqual([name, true]);
  }, 120_000);

  (hasPrometheus ? describe : describe.skip)('to a Prometheus', () => {
    it('is in every panel of the dashboards', async () => {
      const prometheus = await Prometheus.start(posthorn);
      const over = new AbortController();
      const load = publish(posthorn, Infinity, over.signal);
      let empty: string[] = [];
      try {
        await until(
          'every panel to have something to show',
          async () => (empty = await prometheus.without(queries)).length === 0,
          150_000,
        ).catch(() => undefined);
      } finally {
        over.abort();
        await load;
        prometheus.stop();
      }
      expect(queries.length).toBeGreaterThan(100);
      expect(empty).toEqual([]);
    }, 240_000);
  });
});

class Prometheus {
  private constructor(
    private readonly process: ChildProcess,
    private readonly url: string,
  ) {}

  /** As docker/prometheus/prometheus.yml has it, but for the addresses and the pace. */
  static async start({ run }: RunningPosthorn): Promise<Prometheus> {
    mkdirSync(home, { recursive: true });
    const { port } = await freePorts(join(home, 'ports.json'), ['port']);
    const targets = run.services.map(({ metricsUrl }) => new URL(metricsUrl).host);
    const config = {
      global: { scrape_interval: '2s', evaluation_interval: '2s' },
      rule_files: [resolve('docker/prometheus/posthorn.rules.yml')],
      scrape_configs: [{ job_name: 'posthorn', static_configs: [{ targets }] }],
    };
    // JSON is YAML.
    writeFileSync(join(home, 'prometheus.yml'), JSON.stringify(config));
    const options = [
      `--config.file=${join(home, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const url = `http://127.0.0.1:${port}`;
    const started = spawn('prometheus', options, { stdio: 'ignore' });
    const isReady = (): Promise<boolean> =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('Prometheus to be ready', isReady, 60_000);
    return new Prometheus(started, url);
  }

  /** @returns what has nothing to show, or is not understood. */
  async without(asked: typeof queries): Promise<string[]> {
    const answers = await Promise.all(
      asked.map(async ({ what, expr }) => ({ what, answer: await this.#ask(expr) })),
    );
    return answers.flatMap(({ what, answer }) => (answer === 'there' ? [] : [`${what}: ${answer}`]));
  }

  stop(): void {
    this.process.kill();
    rmSync(home, { recursive: true, force: true });
  }

  async #ask(expr: string): Promise<string> {
    const asked = new URLSearchParams({ query: expr.replaceAll('$__rate_interval', rateInterval) });
    const response = await fetch(`${this.url}/api/v1/query?${asked.toString()}`);
    const { error, data } = (await response.json()) as {
      error?: string;
      data?: { result: { value: [number, string] }[] };
    };
    if (error !== undefined) return error;
    const values = data?.result.map(({ value }) => value[1]) ?? [];
    return values.some((value) => value !== 'NaN') ? 'there' : `empty ${values.join(' ')}`;
  }
}

/** Through both doors, some under an id that was published before. */
async function publish(posthorn: RunningPosthorn, count: number, over?: AbortSignal): Promise<void> {
  for (let number = 0; number < count && !over?.aborted; number++) {
    const id = `${count}-${number % 5 === 4 ? number - 1 : number}`;
    const body = `{"id":"${id}","type":"${number % 3 === 0 ? 'b' : 'a'}","data":1}`;
    if (number % 2 === 1) await posthorn.publishOverAmqp('t', body);
    else await posthorn.call('POST', '/tenants/t/events', body);
    await posthorn.call('GET', '/tenants/t/deliveries');
  }
}

function logsOf({ directory, run }: RunningPosthorn): string {
  return run.services
    .map(({ name }) => readFileSync(join(directory, 'logs', `${name}.log`), 'utf8'))
    .join('\n');
}

interface Template {
  readonly template: { readonly mappings: { readonly properties: object } };
}

const template = JSON.parse(readFileSync('docker/elk/index-template.json', 'utf8')) as Template;

function isInSchema(name: string): boolean {
  return name.startsWith('posthorn.') || name in template.template.mappings.properties;
}

/** What the saved searches ask for and show. */
function searchedFields(): string[] {
  const searches = readFileSync('docker/elk/kibana-searches.ndjson', 'utf8')
    .trim()
    .split('\n')
    .map(
      (line) => JSON.parse(line) as { attributes: { columns?: string[]; kibanaSavedObjectMeta?: object } },
    );
  return searches.flatMap(({ attributes: { columns = [], kibanaSavedObjectMeta } }) => [
    ...columns,
    ...(JSON.stringify(kibanaSavedObjectMeta ?? {}).match(/[a-z]+\.[a-z_]+(?=:)/g) ?? []),
  ]);
}
