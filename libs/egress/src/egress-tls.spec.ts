import {
  expiredCertificate,
  selfSignedCertificate,
  testAuthority,
  validCertificate,
  WebhookReceiver,
} from '#libs/testing';
import { Egress, EgressConfig, egressPolicy } from './index.js';

const policy = egressPolicy(
  Object.assign(new EgressConfig(), {
    EGRESS_ALLOW_HTTP: true,
    EGRESS_ALLOW_CIDRS: ['127.0.0.0/8'],
    EGRESS_ALLOW_PORTS: ['*'],
  }),
);
type TlsOptions = NonNullable<Parameters<typeof WebhookReceiver.start>[0]>['tls'];

describe('a post over TLS', () => {
  const opened: { close: () => Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
  });

  const post = async ({
    tls,
    host = 'hook.example.com',
    trustedAuthorities = [testAuthority],
    scheme = 'https',
  }: {
    tls?: TlsOptions;
    host?: string;
    trustedAuthorities?: string[];
    scheme?: string;
  }) => {
    const receiver = await WebhookReceiver.start(tls ? { tls } : {});
    const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const egress = new Egress({ policy, trustedAuthorities, lookup });
    opened.push({ close: () => egress.close() }, { close: () => receiver.stop() });
    const url = `${scheme}://${host}:${receiver.port}/hook`;
    const attempt = await egress.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 2_000 });
    return { attempt, receiver };
  };

  it('reaches an endpoint whose certificate is good for its name', async () => {
    const { attempt, receiver } = await post({ tls: validCertificate });
    expect(attempt).toMatchObject({ result: 'answered', statusCode: 200 });
    expect((await receiver.received('/hook'))[0]?.headers.host).toBe(`hook.example.com:${receiver.port}`);
  });

  it('reaches an address that is in the certificate', async () => {
    const { attempt } = await post({ tls: validCertificate, host: '127.0.0.1' });
    expect(attempt).toMatchObject({ result: 'answered' });
  });

  it.each([
    ['signed by nobody known', 'tls_untrusted', { tls: validCertificate, trustedAuthorities: [] }],
    ['signed by itself', 'tls_untrusted', { tls: selfSignedCertificate, trustedAuthorities: [] }],
    ['past its time', 'tls_expired', { tls: expiredCertificate }],
    ['for another name', 'tls_hostname', { tls: validCertificate, host: 'other.example.com' }],
  ])('fails when the certificate is %s', async (_name, errorClass, options) => {
    const { attempt, receiver } = await post({
      ...options,
      host: 'host' in options ? options.host : 'hook.example.com',
    });
    expect(attempt).toMatchObject({ result: 'failed', errorClass });
    expect(receiver.requests()).toEqual([]);
  });

  it('fails when the endpoint knows only TLS 1.1', async () => {
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const { attempt } = await post({ tls: { ...validCertificate, ...old } });
    expect(attempt).toMatchObject({ result: 'failed', errorClass: 'tls_protocol' });
  });

  it('fails when the endpoint does not speak TLS', async () => {
    const { attempt } = await post({});
    expect(attempt).toMatchObject({ result: 'failed', errorClass: 'tls_protocol' });
  });
});
