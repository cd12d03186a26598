import { createHmac } from 'node:crypto';
import { type Channel, type ChannelModel, connect, type ConsumeMessage } from 'amqplib';
import { Client } from 'pg';
import { Agent } from 'undici';
import { rawQueue } from '../generator/doors.js';
import { destinationsPerTenant, pathOf, readEventId } from '../load/event-names.js';
import { serve } from '../load/serve.js';

/**
 * The raw limit: what this machine could do at all with the same servers and the same endpoint, and nothing between. It
 * takes from one quorum queue, signs, posts, writes one row for each delivery in batches, and only then acknowledges.
 */

export interface RawLimit {
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  /** Where the destination numbered so in its tenant is. */
  readonly origins: readonly string[];
}

interface Row {
  readonly eventId: string;
  readonly path: string;
  readonly statusCode: number;
  readonly durationMs: number;
}

const prefetch = 1000;
const rowsAtOnce = 500;
const key = Buffer.alloc(32, 7);
const agent = new Agent({ connections: 64, pipelining: 1 });

let broker: ChannelModel | undefined;
let database: Client | undefined;
let origins: readonly string[] = [];
let waiting: { readonly rows: readonly Row[]; readonly message: ConsumeMessage }[] = [];
let isWriting = false;

async function start(limit: RawLimit): Promise<void> {
  ({ origins } = limit);
  database = new Client({ connectionString: limit.databaseUrl });
  await database.connect();
  await database.query(`
    create schema if not exists bench;
    drop table if exists bench.raw_limit;
    create table bench.raw_limit (
      event_id text, path text, status_code integer, duration_ms integer, at timestamptz default now(),
      primary key (event_id, path))`);
  broker = await connect(limit.amqpUrl);
  const channel = await broker.createChannel();
  await channel.assertQueue(rawQueue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.prefetch(prefetch);
  await channel.consume(rawQueue, (message) => {
    if (message) void handle(channel, message);
  });
}

async function stop(): Promise<void> {
  const channel = await broker?.createChannel();
  await channel?.deleteQueue(rawQueue);
  await broker?.close();
  await database?.query('drop schema bench cascade');
  await database?.end();
}

async function handle(channel: Channel, message: ConsumeMessage): Promise<void> {
  const eventId = String(message.properties.messageId);
  const { tenant, destination } = readEventId(eventId);
  const to = destination === 'all' ? [...Array(destinationsPerTenant).keys()] : [destination];
  const rows = await Promise.all(
    to.map((number) => post(eventId, { tenant, number, body: message.content })),
  );
  waiting.push({ rows, message });
  if (!isWriting) void write(channel);
}

async function post(
  eventId: string,
  { tenant, number, body }: { tenant: number; number: number; body: Buffer },
): Promise<Row> {
  const startedMs = performance.now();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key)
    .update(`${eventId}.${timestamp}.`)
    .update(body)
    .digest('base64');
  const path = pathOf(tenant, number);
  const { statusCode, body: answer } = await agent.request({
    origin: origins[(tenant * destinationsPerTenant + number) % origins.length] ?? '',
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      'webhook-id': eventId,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  });
  await answer.dump();
  return { eventId, path, statusCode, durationMs: Math.round(performance.now() - startedMs) };
}

async function write(channel: Channel): Promise<void> {
  isWriting = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0, rowsAtOnce);
    const rows = batch.flatMap((one) => one.rows);
    await database?.query({
      name: 'write',
      text: `insert into bench.raw_limit (event_id, path, status_code, duration_ms)
        select * from unnest($1::text[], $2::text[], $3::integer[], $4::integer[]) on conflict do nothing`,
      values: [
        rows.map(({ eventId }) => eventId),
        rows.map(({ path }) => path),
        rows.map(({ statusCode }) => statusCode),
        rows.map(({ durationMs }) => durationMs),
      ],
    });
    for (const { message } of batch) channel.ack(message);
  }
  isWriting = false;
}

serve({ start, stop });
