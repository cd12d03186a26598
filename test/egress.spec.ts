import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';

/** Nothing but the guard on addresses stands between Posthorn and this machine: plain http, and every port. */
const onlyTheGuard = {
  EGRESS_ALLOW_HTTP: 'true',
  EGRESS_ALLOW_PORTS: '*',
  // Of documentation: nobody is there. Opening it opens names of the inside, whose addresses are judged on connecting.
  EGRESS_ALLOW_CIDRS: '203.0.113.0/24',
};

const destinations = '/tenants/t/destinations';
const addresses = [
  '127.0.0.1',
  '127.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '0.0.0.0',
  '①②⑦.⓪.⓪.①',
  '127%2e0%2e0%2e1',
  '169.254.169.254',
  '10.0.0.1',
  'metadata.google.internal',
];

describe('a Posthorn that may not go inside', () => {
  let posthorn: RunningPosthorn;
  let canary: WebhookReceiver;

  beforeAll(async () => {
    canary = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('egress', onlyTheGuard);
    await posthorn.call('PUT', '/tenants/t', {});
  }, 180_000);

  afterAll(async () => {
    await canary.stop();
    await posthorn.stop();
  }, 120_000);

  it('refuses every address of this machine with one and the same answer, on creation and on change', async () => {
    const { body } = await posthorn.call('POST', destinations, {
      url: 'https://example.com/',
      eventTypes: ['none'],
    });
    const answers: unknown[] = [];
    for (const host of addresses) {
      const url = `http://${host}:${canary.port}/hook`;
      const created = await posthorn.call('POST', destinations, { url });
      const changed = await posthorn.call('PATCH', `${destinations}/${String(body['id'])}`, { url });
      for (const { status, body: refusal } of [created, changed])
        answers.push({ status, ...refusal, requestId: undefined });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 422, code: 'destination_url_denied' });
    expect(JSON.stringify(answers[0])).not.toMatch(/127|localhost|loopback|private/);
  });

  it('sends nothing to a name that leads to this machine, and tells why in the history', async () => {
    // Names of the inside may be registered where any inside address is open: they may lead there, and only there.
    for (const host of ['localhost', 'LOCALHOST.']) {
      const url = `http://${host}:${canary.port}/hook`;
      const { status, body } = await posthorn.call('POST', destinations, {
        url,
        eventTypes: ['blocked.thing'],
      });
      expect(status).toBe(201);
      const test = await posthorn.call('POST', `${destinations}/${String(body['id'])}/test`);
      expect(test.body).toMatchObject({ result: 'blocked', errorClass: 'egress_blocked', statusCode: null });
    }
    const published = await posthorn.call('POST', '/tenants/t/events', { type: 'blocked.thing', data: 1 });
    const eventId = String(published.body['id']);
    const attempts = await until('attempts that were blocked', async () => {
      const { body } = await posthorn.call<{ data: { id: string }[] }>(
        'GET',
        `/tenants/t/deliveries?eventId=${eventId}`,
      );
      const of = body.data.map(({ id }) =>
        posthorn.call<{ data: object[] }>('GET', `/tenants/t/deliveries/${id}/attempts`),
      );
      const found = (await Promise.all(of)).flatMap((answer) => answer.body.data);
      return found.length >= 2 && found;
    });
    for (const attempt of attempts)
      expect(attempt).toMatchObject({ result: 'blocked', errorClass: 'egress_blocked' });
  });

  it('has touched nothing on this machine', () => {
    expect(canary.connections).toBe(0);
  });
});
