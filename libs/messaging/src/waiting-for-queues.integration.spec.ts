import { freshVhost, type FreshVhost, until } from '#libs/testing';
import {
  Count,
  counted,
  Counted,
  countQueue,
  type DemoApp,
  queue,
  seen,
  startDemoApp,
} from './demo-app.fixture.js';

let vhost: FreshVhost;
let app: DemoApp | undefined;

beforeEach(async () => {
  seen.splice(0);
  vhost = await freshVhost();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await vhost.drop();
});

describe('the queues of other services', () => {
  const whole = { topology: [countQueue, queue('other.count', Counted)], controllers: [Count] };

  it('are waited for before anything is published: half of those who hear a message are not enough', async () => {
    const starting = startDemoApp({ url: vhost.url, ...whole });
    await until('its own queue', () => vhost.hasQueue('demo.count'));
    for (const name of ['other.count', 'other.count.parked'])
      await vhost.declareQueue(name, { 'x-queue-type': 'quorum' });
    app = await starting;
    await app.client.confirm(counted(1));
    await until('the message', () => seen.includes(1));
  });

  it('that do not come stop the start after its deadline, with what is missing and what to do', async () => {
    await expect(startDemoApp({ url: vhost.url, ...whole, startTimeoutMs: 1000 })).rejects.toMatchObject({
      name: 'BrokerUnavailableError',
      message:
        'RabbitMQ did not let us publish in time. ' +
        'Nothing is published before other.count is there: start other, or provision RabbitMQ again.',
    });
  });
});
