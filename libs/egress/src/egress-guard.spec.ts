import { WebhookReceiver } from '#libs/testing';
import { Egress, EgressConfig, egressPolicy, type Lookup } from './index.js';

const policyFor = (...cidrs: string[]) =>
  egressPolicy(
    Object.assign(new EgressConfig(), {
      EGRESS_ALLOW_HTTP: true,
      EGRESS_ALLOW_CIDRS: cidrs,
      EGRESS_ALLOW_PORTS: ['*'],
    }),
  );
const answering =
  (...addresses: string[]): Lookup =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
const failing =
  (code: string): Lookup =>
  () =>
    Promise.reject(Object.assign(new Error(code), { code }));

describe('the way out', () => {
  let receiver: WebhookReceiver;
  const opened: Egress[] = [];

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterAll(async () => {
    await Promise.all(opened.map((egress) => egress.close()));
    await receiver.stop();
  });

  const post = (
    lookup: Lookup,
    { cidrs = [] as string[], host = 'hook.example.com', timeoutMs = 2_000 } = {},
  ) => {
    const egress = new Egress({ policy: policyFor(...cidrs), lookup });
    opened.push(egress);
    const url = `http://${host}:${receiver.port}/guarded`;
    return egress.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs });
  };

  describe('is closed', () => {
    it.each([
      ['loopback', ['127.0.0.1']],
      ['a public and a private address', ['93.184.216.34', '10.0.0.1']],
      ['a private address behind a public one of the other family', ['93.184.216.34', '::1']],
      ['cloud metadata', ['169.254.169.254']],
      ['a mapped address', ['::ffff:127.0.0.1']],
      ['an address of the link', ['fe80::1%eth0']],
      ['what is not an address', ['internal.example.com']],
    ])('to a name that resolves to %s', async (_name, addresses) => {
      const attempt = await post(answering(...addresses));
      expect(attempt).toMatchObject({ result: 'failed', errorClass: 'egress_blocked' });
    });

    it('to a name that resolves to metadata, though the operator allows the range', async () => {
      const attempt = await post(answering('169.254.169.254'), { cidrs: ['169.254.0.0/16'] });
      expect(attempt).toMatchObject({ errorClass: 'egress_blocked' });
    });

    it.each(['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:7f00:1]', 'localhost'])(
      'to an address that is written in the URL: %s',
      async (host) => {
        expect(await post(answering('93.184.216.34'), { host })).toMatchObject({
          errorClass: 'egress_blocked',
        });
      },
    );

    it('so that not one of these posts came near the endpoint', () => {
      expect(receiver.connections).toBe(0);
    });
  });

  it('connects to the address that was judged, and still says the name', async () => {
    const attempt = await post(answering('127.0.0.1'), { cidrs: ['127.0.0.0/8'] });
    expect(attempt).toMatchObject({ result: 'answered', statusCode: 200 });
    const [request] = await receiver.received('/guarded');
    expect(request?.headers.host).toBe(`hook.example.com:${receiver.port}`);
  });

  it('asks once for each connection: a name that then changes its address changes nothing', async () => {
    const answers = [answering('127.0.0.1'), answering('169.254.169.254')];
    const attempt = await post((...asked) => answers.shift()!(...asked), { cidrs: ['127.0.0.0/8'] });
    expect(attempt).toMatchObject({ result: 'answered' });
    expect(answers).toHaveLength(1);
  });

  it('is judged anew for each new connection', async () => {
    const answers = [answering('127.0.0.1'), answering('10.0.0.1')];
    receiver.answer('/guarded', (response) => response.writeHead(200, { connection: 'close' }).end());
    const egress = new Egress({
      policy: policyFor('127.0.0.0/8'),
      lookup: (...asked) => answers.shift()!(...asked),
    });
    opened.push(egress);
    const url = `http://hook.example.com:${receiver.port}/guarded`;
    const send = () => egress.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 2_000 });
    expect(await send()).toMatchObject({ result: 'answered' });
    expect(await send()).toMatchObject({ result: 'failed', errorClass: 'egress_blocked' });
  });

  it('uses the next address when the first does not take the connection', async () => {
    const attempt = await post(answering('127.0.0.2', '127.0.0.1'), { cidrs: ['127.0.0.0/8'] });
    expect(attempt).toMatchObject({ result: 'answered' });
  });

  it.each([
    ['does not exist', failing('ENOTFOUND')],
    ['cannot be asked for now', failing('EAI_AGAIN')],
    ['has no address', answering()],
  ])('says dns_error for a name that %s', async (_name, lookup) => {
    expect(await post(lookup)).toMatchObject({ result: 'failed', errorClass: 'dns_error' });
  });

  it('says dns_error by the deadline when the name server is silent', async () => {
    const attempt = await post(() => new Promise(() => undefined), { timeoutMs: 200 });
    expect(attempt).toMatchObject({ result: 'failed', errorClass: 'dns_error' });
    expect(attempt.durationMs).toBeLessThan(2_000);
  });

  it('does not take a fault of this machine for one of the endpoint', async () => {
    await expect(post(failing('EMFILE'))).rejects.toMatchObject({ code: 'EMFILE', transient: true });
  });
});
