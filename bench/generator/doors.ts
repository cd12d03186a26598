import { type ConfirmChannel, connect } from 'amqplib';
import { Pool } from 'undici';
import { eventIdOf, type EventName, tenantIdOf, typeOf } from '../load/event-names.js';
import type { Plan } from './plan.js';

/** Publishes the events of one tenant, and resolves when they are acknowledged. */
export interface OpenDoor {
  /** How many may be under way at once where there is no rate. */
  readonly atOnce: number;
  publish(events: readonly EventName[]): Promise<void>;
  close(): Promise<void>;
}

export const rawQueue = 'bench.raw-limit';
const connections = 64;
const batchesAtOnce = 4;
const confirmsAtOnce = 1000;

export function openDoor(plan: Plan): Promise<OpenDoor> {
  const open = { http: openHttp, batch: openBatch, amqp: openAmqp, raw: openRaw };
  return open[plan.door](plan);
}

async function openHttp(plan: Plan): Promise<OpenDoor> {
  const body = bodies(plan);
  const post = poster(plan);
  return {
    atOnce: connections,
    publish: async ([event]) => {
      if (event) await post.send(event, '/events', body(event));
    },
    close: () => post.close(),
  };
}

async function openBatch(plan: Plan): Promise<OpenDoor> {
  const body = bodies(plan);
  const post = poster(plan);
  return {
    atOnce: batchesAtOnce,
    publish: async (events) => {
      if (!events[0]) return;
      const answer = await post.send(events[0], '/events/batch', `[${events.map(body).join(',')}]`);
      if (answer.includes('"error"')) throw new Error(`refused in a batch: ${answer.slice(0, 300)}`);
    },
    close: () => post.close(),
  };
}

async function openAmqp(plan: Plan): Promise<OpenDoor> {
  const body = bodies(plan);
  const broker = await connect(plan.amqpUrl);
  const channel = await broker.createConfirmChannel();
  return {
    atOnce: confirmsAtOnce,
    publish: ([event]) =>
      event === undefined
        ? Promise.resolve()
        : confirmed(channel, 'posthorn.ingest', tenantIdOf(plan.destinations, event.tenant), {
            body: Buffer.from(body(event)),
          }),
    close: () => broker.close(),
  };
}

async function openRaw(plan: Plan): Promise<OpenDoor> {
  const broker = await connect(plan.amqpUrl);
  const channel = await broker.createConfirmChannel();
  const body = Buffer.from(payload(plan));
  return {
    atOnce: confirmsAtOnce,
    publish: ([event]) =>
      event === undefined
        ? Promise.resolve()
        : confirmed(channel, '', rawQueue, { body, messageId: eventIdOf(event) }),
    close: () => broker.close(),
  };
}

// oxlint-disable-next-line max-params -- as AMQP has them
function confirmed(
  channel: ConfirmChannel,
  exchange: string,
  routingKey: string,
  { body, messageId }: { body: Buffer; messageId?: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { persistent: true, ...(messageId !== undefined && { messageId }) };
    channel.publish(exchange, routingKey, body, options, (error: unknown) => {
      if (error) reject(new Error('not confirmed'));
      else resolve();
    });
  });
}

function poster({ apiUrl, apiKey, destinations }: Plan) {
  const pool = new Pool(apiUrl, { connections, pipelining: 1 });
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  return {
    send: async ({ tenant }: EventName, route: string, body: string): Promise<string> => {
      const path = `/v1/tenants/${tenantIdOf(destinations, tenant)}${route}`;
      const answer = await pool.request({ method: 'POST', path, headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 202) throw new Error(`${answer.statusCode} ${text.slice(0, 300)}`);
      return text;
    },
    close: () => pool.close(),
  };
}

function bodies(plan: Plan): (event: EventName) => string {
  const data = payload(plan);
  return (event) => `{"id":"${eventIdOf(event)}","type":"${typeOf(event.destination)}","data":${data}}`;
}

/** JSON of exactly so many bytes. */
function payload({ payloadBytes }: Plan): string {
  const rest = payloadBytes - '{"pad":""}'.length;
  return `{"pad":"${'x'.repeat(Math.max(0, rest))}"}`;
}
