import { ApiKeyChanged, create, exchange, type QueueDefinition } from '#libs/contracts';
import { freshVhost, type FreshVhost, until } from '#libs/testing';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { connect } from 'amqplib';
import { counted, Counted, type DemoApp, queue, startDemoApp } from './demo-app.fixture.js';
import { OnMessage } from './handlers.js';

const change = {
  keyId: 'k',
  version: 1,
  revoked: false,
  hash: 'aGFzaA==',
  pepperId: 'p',
  scopes: ['events:read'],
};
const learned: ApiKeyChanged[] = [];
const counts: number[] = [];

@Controller()
class Listen {
  @OnMessage(ApiKeyChanged)
  learn(@Payload() message: ApiKeyChanged): void {
    if (message.keyId === 'fails') throw new Error('this one cannot be handled');
    learned.push(message);
  }

  @OnMessage(Counted)
  count(@Payload() { number }: Counted): void {
    counts.push(number);
  }
}

let vhost: FreshVhost;
let app: DemoApp;

beforeAll(async () => {
  vhost = await freshVhost();
  const topology: QueueDefinition[] = [
    queue('demo.learn-api-key', ApiKeyChanged, 'broadcast'),
    queue('demo.count', Counted),
  ];
  app = await startDemoApp({ url: vhost.url, topology, controllers: [Listen] });
});

afterAll(async () => {
  await app.close();
  await vhost.drop();
});

/** As any service of another version may write it. */
async function broadcast(body: string): Promise<void> {
  const connection = await connect(vhost.url);
  const channel = await connection.createConfirmChannel();
  channel.publish(exchange, ApiKeyChanged.type, Buffer.from(body));
  await channel.waitForConfirms();
  await connection.close();
}

describe('a broadcast', () => {
  it.each(['{"probe":1}', '{not json', 'null', '', JSON.stringify({ ...change, keyId: 'fails' })])(
    'that is %s is dropped, and nothing else notices',
    async (body) => {
      learned.splice(0);
      counts.splice(0);
      const { model } = app.broker.publishing;
      for (let times = 0; times < 20; times++) await broadcast(body);
      await broadcast(JSON.stringify(change));
      await until('the one that can be read', () => learned.length === 1);
      await app.client.confirm(counted(1));
      await until('a message of work', () => counts.length === 1);
      expect([app.broker.isReady, app.server.isReady]).toEqual([true, true]);
      expect(app.broker.publishing.model).toBe(model);
      expect(await vhost.hasQueue('demo.learn-api-key.parked')).toBe(false);
    },
  );

  it('is taken with a scope that only a newer version has', async () => {
    learned.splice(0);
    await broadcast(JSON.stringify({ ...change, scopes: ['events:read', 'moons:write'] }));
    await until('the change', () => learned.length === 1);
    expect(learned[0]).toEqual(create(ApiKeyChanged, { ...change, scopes: expect.anything() }));
    expect(learned[0]?.scopes).toEqual(['events:read', 'moons:write']);
  });
});
