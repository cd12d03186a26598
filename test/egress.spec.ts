import { RunningPosthorn, WebhookReceiver } from '#libs/testing';

/** Nothing but the guard on addresses stands between Posthorn and this machine: plain http, and every port. */
const onlyTheGuard = {
  EGRESS_ALLOW_HTTP: 'true',
  EGRESS_ALLOW_PORTS: '*',
  // Of documentation: nobody is there.
  EGRESS_ALLOW_CIDRS: '203.0.113.0/24',
};

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

  const spellings = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    'localhost',
    'LOCALHOST.',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0.0.0.0',
    '①②⑦.⓪.⓪.①',
    '127%2e0%2e0%2e1',
    'x@127.0.0.1',
    '127.0.0.1.nip.io',
  ];

  it('refuses every spelling of this machine with one and the same answer, on creation and on change', async () => {
    const { body } = await posthorn.call('POST', '/tenants/t/destinations', {
      url: 'https://example.com/',
      eventTypes: ['none'],
    });
    const answers: unknown[] = [];
    for (const host of spellings) {
      const url = `http://${host}:${canary.port}/hook`;
      const created = await posthorn.call('POST', '/tenants/t/destinations', { url });
      const changed = await posthorn.call('PATCH', `/tenants/t/destinations/${String(body['id'])}`, { url });
      for (const { status, body: refusal } of [created, changed])
        answers.push({ status, ...refusal, requestId: undefined });
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 422, code: 'destination_url_denied' });
    expect(JSON.stringify(answers[0])).not.toMatch(/127|localhost|loopback|private/);
  });

  it('records an attempt at an address where nobody is, and one at a name that there is not', async () => {
    const tried = async (url: string): Promise<Record<string, unknown>> => {
      const { body } = await posthorn.call('POST', '/tenants/t/destinations', {
        url,
        eventTypes: ['none'],
        timeoutMs: 1000,
      });
      return (await posthorn.call('POST', `/tenants/t/destinations/${String(body['id'])}/test`)).body;
    };
    expect(await tried('http://203.0.113.1:9/')).toMatchObject({ result: 'unreachable', statusCode: null });
    expect(await tried('https://no-such-name.example.com/')).toMatchObject({
      result: 'unreachable',
      errorClass: 'dns_error',
    });
  });

  it('has touched nothing on this machine', () => {
    expect(canary.connections).toBe(0);
  });
});
