import { WebhookReceiver } from '#libs/testing';
import { allowedUrls, deniedHosts, deniedUrls } from './destination-urls.fixture.js';
import { guardedConnector, makeSecureContext } from './guarded-connector.js';
import { guardedLookup } from './guarded-lookup.js';
import { Egress, judgeUrl, strictPolicy } from './index.js';
import { NameResolver } from './name-resolver.js';

const withHttp = { ...strictPolicy, allowHttp: true };
const denied = [
  ...Object.values(deniedHosts).flatMap((hosts) => hosts.map((host) => `http://${host}/`)),
  ...deniedUrls,
];

describe('the strict policy', () => {
  describe.each(Object.entries(deniedHosts))('lets nobody register %s', (_what, hosts) => {
    it.each(hosts)('%s', (host) => {
      expect(judgeUrl(`http://${host}/`, withHttp).verdict).toBe('deny');
      expect(judgeUrl(`https://${host}/`, strictPolicy).verdict).toBe('deny');
    });
  });

  it.each(deniedUrls)('lets nobody register %.60s', (url) => {
    expect(judgeUrl(url, withHttp).verdict).toBe('deny');
  });

  it.each(allowedUrls)('lets everybody register %s, if only over https', (url) => {
    expect(judgeUrl(url, withHttp).verdict).toBe('allow');
    expect(judgeUrl(url, strictPolicy).verdict).toBe(url.startsWith('https:') ? 'allow' : 'deny');
  });
});

describe('a way out that is asked for all the same', () => {
  let canary: WebhookReceiver;
  let egress: Egress;

  beforeAll(async () => {
    canary = await WebhookReceiver.start();
    egress = new Egress({ policy: { ...withHttp, allowedPorts: 'all' } });
  });
  afterAll(async () => {
    await egress.close();
    await canary.stop();
  });

  it.each(denied)('sends nothing to %.60s', async (url) => {
    // At a port where somebody listens, so that what gets through is heard.
    const here = url.replace(/^(http:\/\/[^/:@[\]]+|http:\/\/\[[^\]]*\])\/$/, `$1:${canary.port}/`);
    const posted = await egress.post({ url: here, headers: {}, body: Buffer.from('{}'), timeoutMs: 2000 });
    expect(posted).toMatchObject({ result: 'failed' });
  });

  /** Past the judgement of the URL, as if it had been registered under another policy. */
  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '0.0.0.0',
    '::',
    '169.254.169.254',
    '10.0.0.1',
    'localhost',
  ])('opens no connection to %s', async (hostname) => {
    const signal = AbortSignal.timeout(5000);
    const { lookup } = new NameResolver();
    const connect = guardedConnector({
      policy: withHttp,
      lookup: guardedLookup((name) => lookup(name, { tenantId: undefined, signal }), canary.port, withHttp),
      onSocket: () => undefined,
      secureContext: makeSecureContext(),
      signal,
    });
    const target = { hostname, protocol: 'http:', port: String(canary.port) };
    const outcome = await new Promise((resolve) => {
      connect(target, (error, socket) => resolve(error ?? socket));
    });
    expect(outcome).toMatchObject({ code: 'EGRESS_BLOCKED' });
  });

  it('and has not come near the endpoint on this machine', () => {
    expect(canary.connections).toBe(0);
  });
});
