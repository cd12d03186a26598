import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';

const event = '{"type":"a.b","data":1}';

describe('while RabbitMQ is away', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('broker-outage');
    await posthorn.call('PUT', '/tenants/t', {});
    await posthorn.call('POST', '/tenants/t/destinations', { url: receiver.url('/'), eventTypes: ['#'] });
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  it('a publish is answered 503 with Retry-After within 6 s, and works again by itself afterwards', async () => {
    posthorn.freezeBroker();
    try {
      const startedAt = performance.now();
      const refused = await posthorn.call('POST', '/tenants/t/events', event);
      expect(performance.now() - startedAt).toBeLessThan(6000);
      expect([refused.status, refused.body['code']]).toEqual([503, 'unavailable']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      posthorn.thawBroker();
    }
    await published();
  });

  it('killed and started again, it takes what is published as soon as it is back', async () => {
    posthorn.killBroker();
    await published();
  });

  /** An event gets its 202, and comes to the receiver. */
  const published = async (): Promise<void> => {
    const accepted = await until(
      'a publish that is accepted',
      async () => {
        const answer = await posthorn.call('POST', '/tenants/t/events', event);
        expect([202, 503]).toContain(answer.status);
        return answer.status === 202 && answer;
      },
      60_000,
    );
    await until('its webhook', () =>
      receiver.requests('/').some(({ headers }) => headers['webhook-id'] === accepted.body['id']),
    );
  };
});
