import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';

interface Listed {
  readonly data: readonly { readonly id: string; readonly status: string }[];
}

const times = 50;

describe('an event published 50 times at once', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('idempotency');
    await posthorn.call('PUT', '/tenants/t', {});
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const subscribe = async (path: string, type: string): Promise<void> => {
    await posthorn.subscribe('t', { url: receiver.url(path), eventTypes: [type] });
  };

  const list = async (path: string): Promise<Listed['data']> =>
    (await posthorn.call<Listed>('GET', `/tenants/t/${path}`)).body.data;

  const delivered = (eventId: string): Promise<boolean> =>
    until(`the delivery of ${eventId}`, async () =>
      (await list(`deliveries?eventId=${eventId}`)).some(({ status }) => status === 'delivered'),
    );

  /** Whatever was published before it has been routed by then. */
  const publishAnother = async (type: string): Promise<string> => {
    const { body } = await posthorn.call('POST', '/tenants/t/events', `{"type":"${type}","data":0}`);
    await delivered(String(body['id']));
    return String(body['id']);
  };

  const isThereOnce = async (eventId: string, path: string, type: string): Promise<void> => {
    await delivered(eventId);
    const another = await publishAnother(type);
    const ids = receiver.requests(path).map(({ headers }) => String(headers['webhook-id']));
    expect(ids.toSorted()).toEqual([eventId, another].toSorted());
    expect(await list(`deliveries?eventId=${eventId}`)).toHaveLength(1);
    await until(
      'a history without the repeats',
      async () => (await list(`events?type=${type}`)).length === 2,
    );
    const { body } = await posthorn.call('GET', `/tenants/t/events/${eventId}`);
    expect(body).toMatchObject({ id: eventId, deliveries: [{ status: 'delivered' }] });
  };

  it('under one id through both doors is answered alike each time, delivered once, and in the history once', async () => {
    await subscribe('/id', 'by.id');
    const event = '{"id":"only-once","type":"by.id","data":1}';
    const [answers] = await Promise.all([
      Promise.all(Array.from({ length: times / 2 }, () => posthorn.call('POST', '/tenants/t/events', event))),
      Promise.all(Array.from({ length: times / 2 }, () => posthorn.publishOverAmqp('t', event))),
    ]);
    expect(new Set(answers.map(({ status, body }) => `${status} ${String(body['id'])}`))).toEqual(
      new Set(['202 only-once']),
    );
    await isThereOnce('only-once', '/id', 'by.id');
  });

  it('under one Idempotency-Key gets one id, is delivered once, and is in the history once', async () => {
    await subscribe('/key', 'by.key');
    const publish = (key: string, event = '{"type":"by.key","data":1}') =>
      posthorn.call('POST', '/tenants/t/events', event, { 'idempotency-key': key });
    const answers = await Promise.all(Array.from({ length: times }, () => publish('order/4711')));
    const [id, ...others] = new Set(answers.map(({ status, body }) => `${status} ${String(body['id'])}`));
    expect(others).toEqual([]);
    expect(id).toMatch(/^202 evt_[0-9A-Z]{32}$/);
    await isThereOnce(id!.slice('202 '.length), '/key', 'by.key');
  });

  it('goes by the id in the body where there is one, whatever the Idempotency-Key', async () => {
    const event = '{"id":"own","type":"by.both","data":1}';
    const answer = await posthorn.call('POST', '/tenants/t/events', event, { 'idempotency-key': 'k' });
    expect([answer.status, answer.body['id']]).toEqual([202, 'own']);
  });

  it('is refused under an Idempotency-Key that is none, by the name of the header', async () => {
    for (const key of ['two words', 'x'.repeat(256)]) {
      const answer = await posthorn.call('POST', '/tenants/t/events', '{"type":"a","data":1}', {
        'idempotency-key': key,
      });
      expect(answer.status).toBe(422);
      expect(answer.body['errors']).toMatchObject([{ path: 'Idempotency-Key' }]);
    }
  });
});
