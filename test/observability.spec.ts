import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { behave, RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { hasPrometheus, Prometheus } from './observability/prometheus.js';

if (!hasPrometheus)
  process.stderr.write('No panel is asked: prometheus is not here (Debian: apt-get install prometheus).\n');

const dashboards = 'docker/grafana/dashboards';
/** Of a caller that traces. */
const traceId = '0af7651916cd43dd8448eb211c80319c';
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
    await posthorn.call('GET', '/nowhere?key=query-canary', undefined, {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
    });
    await publish(posthorn, 6);
    await receiver.received('/failing', 3);
    const text = await until('attempts in the log', () => {
      const all = logsOf(posthorn);
      return all.includes('"delivery.attempted"') && all;
    });
    for (const hidden of [
      'query-canary',
      secret,
      posthorn.run.apiKey,
      new URL(posthorn.run.amqpUrl).password,
    ])
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
    const requests = lines.filter((line) => line['event.action'] === 'request.answered');
    expect(requests.find((line) => line['http.response.status_code'] === 202)).toMatchObject({
      'event.duration': expect.any(Number) as unknown,
      'event.outcome': 'success',
      'http.request.id': expect.stringMatching(/^req_/) as unknown,
      'http.request.method': 'POST',
      'posthorn.tenant_id': 't',
      'url.path': '/v1/tenants/t/events',
    });
    const callersOwn = requests.filter((line) => line['trace.id'] === traceId);
    expect(callersOwn.map((line) => line['url.path'])).toEqual(['/v1/nowhere']);
    expect(requests.some((line) => String(line['url.path']).startsWith('/health/'))).toBe(false);
    for (const name of searchedFields()) expect([name, isInSchema(name)]).toEqual([name, true]);
  }, 120_000);

  (hasPrometheus ? describe : describe.skip)('to a Prometheus', () => {
    it('is in every panel of the dashboards', async () => {
      const prometheus = await Prometheus.start(posthorn, { name: 'prometheus' });
      const over = new AbortController();
      const load = publish(posthorn, Infinity, over.signal);
      let empty: string[] = [];
      try {
        await until(
          'every panel to have something to show',
          async () => (empty = await without(prometheus)).length === 0,
          150_000,
        ).catch(() => undefined);
      } finally {
        over.abort();
        await load;
        await prometheus.stop();
      }
      expect(queries.length).toBeGreaterThan(100);
      expect(empty).toEqual([]);
    }, 240_000);
  });
});

/** @returns which panels have nothing to show, or are not understood. */
async function without(prometheus: Prometheus): Promise<string[]> {
  const answers = await Promise.all(
    queries.map(async ({ what, expr }) => {
      const { error, values } = await prometheus.ask(expr.replaceAll('$__rate_interval', rateInterval));
      const isThere = values.some((value) => value !== 'NaN');
      return isThere ? [] : [`${what}: ${error ?? `empty ${values.join(' ')}`}`];
    }),
  );
  return answers.flat();
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
