import { DnsServer, WebhookReceiver, type Zone } from '#libs/testing';
import { Egress, EgressConfig, egressPolicy } from './index.js';
import { NameResolver } from './name-resolver.js';

const open = { EGRESS_ALLOW_HTTP: true, EGRESS_ALLOW_PORTS: ['*'] };
const strict = egressPolicy(Object.assign(new EgressConfig(), open));
const loopback = egressPolicy(
  Object.assign(new EgressConfig(), { ...open, EGRESS_ALLOW_CIDRS: ['127.0.0.1/32'] }),
);

describe('a post to a name, by what its name server says', () => {
  let receiver: WebhookReceiver;
  let dns: DnsServer;
  const opened: Egress[] = [];

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    dns = await DnsServer.start();
  });
  afterAll(async () => {
    await Promise.all(opened.map((egress) => egress.close()));
    await dns.stop();
    await receiver.stop();
  });

  const egressBy = (policy: typeof strict): Egress => {
    const egress = new Egress({ policy, lookup: new NameResolver({ servers: [dns.address] }).lookup });
    opened.push(egress);
    return egress;
  };
  const post = (egress: Egress, timeoutMs = 3000) => {
    const url = `http://hook.example.com:${receiver.port}/`;
    return egress.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs });
  };

  it.each<[string, Zone, string]>([
    ['an address of this machine', { addresses: ['127.0.0.1'] }, 'egress_blocked'],
    [
      'a public address and one of this machine',
      { addresses: ['93.184.216.34', '127.0.0.1'] },
      'egress_blocked',
    ],
    ['a public address, and this machine in IPv6', { addresses: ['93.184.216.34', '::1'] }, 'egress_blocked'],
    ['an alias of a name inside', { alias: 'db.internal', addresses: ['10.0.0.5'] }, 'egress_blocked'],
    ['the metadata of a cloud', { addresses: ['169.254.169.254'] }, 'egress_blocked'],
    ['no address', { addresses: [] }, 'dns_error'],
    ['that there is no such name', 'unknown', 'dns_error'],
  ])('is not sent for %s', async (_what, zone, errorClass) => {
    dns.zone('hook.example.com', zone);
    expect(await post(egressBy(strict))).toMatchObject({ result: 'failed', errorClass });
    expect(receiver.connections).toBe(0);
  });

  it('ends at its deadline when the name server is silent', async () => {
    dns.zone('hook.example.com', 'silent');
    const posted = await post(egressBy(strict), 500);
    expect(posted).toMatchObject({ result: 'failed', errorClass: 'dns_error' });
    expect(posted.durationMs).toBeLessThan(3000);
  });

  it('is judged by what the name has when it is connected, and again for the next connection', async () => {
    receiver.answer('/', (response) => response.writeHead(200, { connection: 'close' }).end());
    dns.zone('hook.example.com', { addresses: ['127.0.0.1'] }, { addresses: ['127.0.0.2'] });
    const egress = egressBy(loopback);
    expect(await post(egress)).toMatchObject({ result: 'answered', statusCode: 200 });
    expect(await post(egress)).toMatchObject({ result: 'failed', errorClass: 'egress_blocked' });
    expect(receiver.connections).toBe(1);
  });
});
