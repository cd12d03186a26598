import { loadConfig } from '#libs/config';
import { WebhookReceiver } from '#libs/testing';
import { Egress, EgressConfig, egressPolicy, judgeUrl } from './index.js';

const policyWith = (urls: string) =>
  egressPolicy(
    loadConfig(EgressConfig, {
      EGRESS_ALLOW_HTTP: 'true',
      EGRESS_ALLOW_CIDRS: '127.0.0.0/8,::1/128',
      EGRESS_ALLOW_PORTS: '*',
      POSTHORN_PUBLIC_URLS: urls,
    }),
  );

describe('an address of Posthorn itself', () => {
  const policy = policyWith(
    'https://events.example.com/base,http://203.0.114.7:9000,http://localhost:8080,http://127.0.0.1:8080',
  );

  it.each([
    'https://events.example.com/v1/tenants/t/events',
    'https://EVENTS.Example.com./',
    'https://events.example.com:443/x?y',
    'http://events.example.com/',
    'http://203.0.114.7:9000/',
    'http://0xcb007207:9000/',
    'http://localhost:8080/',
    'http://LOCALHOST.:8080/',
    'http://127.0.0.1:8080/',
    'http://127.1:8080/',
    'http://127.0.0.2:8080/',
    'http://[::1]:8080/',
    'http://[::ffff:127.0.0.1]:8080/',
  ])('is no destination: %s', (url) => {
    expect(judgeUrl(url, policy)).toEqual({ verdict: 'deny', reason: 'own_address' });
  });

  it.each([
    'https://events.example.com:8443/',
    'https://other.example.com/',
    'https://sub.events.example.com/',
    'http://203.0.114.7:9001/',
    'http://127.0.0.1:8081/',
  ])('is not %s', (url) => {
    expect(judgeUrl(url, policy).verdict).toBe('allow');
  });

  it.each(['events.example.com', 'ftp://events.example.com', 'https://', '8080'])(
    'cannot be configured as %s',
    (text) => {
      expect(() => policyWith(text)).toThrow('POSTHORN_PUBLIC_URLS');
    },
  );

  it('is not connected to under another name', async () => {
    const receiver = await WebhookReceiver.start();
    const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const egress = new Egress({ policy: policyWith(`http://127.0.0.1:${receiver.port}`), lookup });
    const url = `http://alias.example.com:${receiver.port}/`;
    const posted = await egress.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 2000 });
    expect(posted).toMatchObject({ result: 'failed', errorClass: 'egress_blocked' });
    expect(receiver.connections).toBe(0);
    await egress.close();
    await receiver.stop();
  });
});
