import { exchange, ingestExchange, topology } from '#libs/contracts';
import { freshVhost, type FreshVhost, until } from '#libs/testing';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { defaultBounds, ingestPolicy } from './broker-bounds.js';
import { declareTopology } from './declare-topology.js';

let vhost: FreshVhost;
let admin: ChannelModel;
let channel: ConfirmChannel;

beforeAll(async () => {
  vhost = await freshVhost();
  admin = await connect(vhost.url);
  await declareTopology(admin, topology);
  channel = await admin.createConfirmChannel();
  const policy = ingestPolicy({ ...defaultBounds, maxIngestQueueBytes: 500_000 });
  await vhost.importDefinitions({ policies: [{ vhost: new URL(vhost.url).pathname.slice(1), ...policy }] });
});

afterAll(async () => {
  await admin.close();
  await vhost.drop();
});

/** @returns whether RabbitMQ took it. */
function publish(to: string, routingKey: string): Promise<boolean> {
  return new Promise((resolve) => {
    const take = (error: unknown): void => resolve(!error);
    channel.publish(to, routingKey, Buffer.alloc(50_000), { persistent: true }, take);
  });
}

describe('a publisher that sends more than the gateway takes', () => {
  it('is refused at once, in a queue that was there before, and what the services say is not', async () => {
    let taken = 0;
    await until('a refusal', async () => {
      const isTaken = await publish(ingestExchange, 'a-tenant');
      taken += isTaken ? 1 : 0;
      return !isTaken;
    });
    // The bound is soft: RabbitMQ looks at it after it has taken a message.
    expect(taken).toBeLessThan(200);
    for (let times = 0; times < 20; times++) expect(await publish(exchange, 'event.accepted.v1')).toBe(true);
  });
});
