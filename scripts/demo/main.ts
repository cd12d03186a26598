import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '#libs/servers';
import { connect } from 'amqplib';
import { isVerified, Receiver, type Received } from './receiver.js';

/** A Posthorn of its own, beside whatever runs in this clone. */
const stateDirectory = join('.posthorn', 'demo');
const tenantId = 'demo';
const payload = '{"a":1.0,"b":9007199254740993,"c":"\\u0000"}';

interface RunFile {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly publisherAmqpUrl: string;
}

let failures = 0;
const receiver = await Receiver.start();
try {
  say('Starting Posthorn with retries after 1 s and 2 s.');
  mkdirSync(stateDirectory, { recursive: true });
  const { gateway } = await freePorts(join(stateDirectory, 'gateway-port.json'), ['gateway']);
  const retries = { RETRY_SCHEDULE: '1s,2s', RETRY_JITTER: '0' };
  await npm(['start', '--', '--detach', '--clean'], { GATEWAY_PORT: String(gateway), ...retries });
  await tell(JSON.parse(readFileSync(join(stateDirectory, 'run.json'), 'utf8')) as RunFile);
} catch (error) {
  failures++;
  console.error(error);
} finally {
  receiver.stop();
  say('Stopping Posthorn.');
  await npm(['stop', '--', '--clean'], {});
}
say(failures === 0 ? 'All of it happened.' : `${failures} of the things above did not happen.`);
process.exit(failures === 0 ? 0 : 1);

async function tell(run: RunFile): Promise<void> {
  const api = client(run);
  say(`A tenant, and a destination for all its invoice events: ${receiver.url('/invoices')}`);
  await api('PUT', `/tenants/${tenantId}`, '{}');
  const invoices = await destination(api, '/invoices', ['invoice.*']);

  say(`Publishing over HTTP: ${payload}`);
  let startedMs = Date.now();
  const overHttp = (await api('POST', '/events', `{"type":"invoice.paid","data":${payload}}`)) as {
    id: string;
  };
  await arrives('the event published over HTTP', overHttp.id, { secret: invoices, startedMs });

  say('Publishing over AMQP, to exchange posthorn.ingest');
  const id = `amqp-${Date.now()}`;
  startedMs = Date.now();
  await publishOverAmqp(run.publisherAmqpUrl, `{"id":"${id}","type":"invoice.sent","data":${payload}}`);
  await arrives('the event published over AMQP', id, { secret: invoices, startedMs });

  say('A destination that answers 500 twice and then 200');
  receiver.answer('/flaky', [500, 500]);
  const flaky = await destination(api, '/flaky', ['order.created']);
  const order = (await api('POST', '/events', '{"type":"order.created","data":{"n":1}}')) as { id: string };
  const tries = await until(() => {
    const found = receiver.received.filter((webhook) => webhook.id === order.id);
    return found.length >= 3 ? found : undefined;
  }, 20_000);
  check(
    'three attempts under one webhook-id, each verified',
    tries?.every((webhook) => isVerified(flaky, webhook)),
  );
  await showHistory(api, order.id);
}

async function arrives(what: string, id: string, by: { secret: string; startedMs: number }): Promise<void> {
  const webhook = await until(() => receiver.received.find((one) => one.id === id), 5000);
  const tookMs = (webhook?.atMs ?? Date.now()) - by.startedMs;
  check(`${what} arrived within 1 s (${tookMs} ms)`, webhook !== undefined && tookMs < 1000);
  check('  its signature is right', webhook !== undefined && isVerified(by.secret, webhook));
  check('  its data has the very bytes that were published', hasPayload(webhook));
}

function hasPayload(webhook: Received | undefined): boolean {
  return webhook?.body.endsWith(`"data":${payload}}`) ?? false;
}

async function showHistory(api: Api, eventId: string): Promise<void> {
  const delivery = await until(async () => {
    const { data } = (await api('GET', `/deliveries?eventId=${eventId}`)) as {
      data: { id: string; status: string }[];
    };
    return data.find(({ status }) => status === 'delivered');
  }, 5000);
  const { data: attempts } = (await api('GET', `/deliveries/${delivery?.id}/attempts`)) as {
    data: { number: number; statusCode: number; durationMs: number; responseBody: string }[];
  };
  for (const { number, statusCode, durationMs, responseBody } of attempts)
    console.log(`    attempt ${number}: ${statusCode} "${responseBody}" after ${durationMs} ms`);
  const statuses = attempts.map(({ statusCode }) => statusCode).join(' ');
  check('the history shows 500, 500, 200 with latency and answer', statuses === '500 500 200');
}

type Api = (method: string, path: string, body?: string) => Promise<unknown>;

/** Paths are within the demo's tenant, unless they begin with /tenants. */
function client({ apiUrl, apiKey }: RunFile): Api {
  return async (method, path, body) => {
    const url = `${apiUrl}/v1${path.startsWith('/tenants') ? path : `/tenants/${tenantId}${path}`}`;
    const response = await fetch(url, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return JSON.parse(text);
  };
}

async function destination(api: Api, path: string, eventTypes: string[]): Promise<string> {
  const body = JSON.stringify({ url: receiver.url(path), eventTypes });
  return ((await api('POST', '/destinations', body)) as { secret: string }).secret;
}

async function publishOverAmqp(url: string, body: string): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  channel.publish('posthorn.ingest', tenantId, Buffer.from(body), { persistent: true });
  await channel.waitForConfirms();
  await connection.close();
}

async function until<Result>(
  condition: () => Result | undefined | Promise<Result | undefined>,
  timeoutMs: number,
): Promise<Result | undefined> {
  for (const deadlineMs = Date.now() + timeoutMs; Date.now() < deadlineMs; await delay(10)) {
    const result = await condition();
    if (result !== undefined) return result;
  }
  return undefined;
}

/** Passes on what npm says, up to the summary at the end: its commands are for a Posthorn that stays. */
async function npm(args: readonly string[], environment: Record<string, string>): Promise<void> {
  const child = spawn('npm', ['--silent', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, POSTHORN_STATE_DIR: stateDirectory, ...environment },
  });
  const exited = once(child, 'exit');
  let isSummary = false;
  for await (const line of createInterface(child.stdout)) {
    isSummary ||= line === '';
    if (!isSummary) console.log(`  ${line}`);
  }
  const [status] = await exited;
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed`);
}

function say(text: string): void {
  console.log(`\n● ${text}`);
}

function check(what: string, happened: boolean | undefined): void {
  if (!happened) failures++;
  console.log(`  ${happened ? '✓' : '✗'} ${what}`);
}
