import { DnsServer, until } from '#libs/testing';
import { NameResolver } from './name-resolver.js';

describe('a resolver of names', () => {
  let dns: DnsServer;
  let resolver: NameResolver;

  beforeEach(async () => {
    dns = await DnsServer.start();
    resolver = new NameResolver({ servers: [dns.address] });
  });
  afterEach(() => dns.stop());

  const lookUp = (name: string, { tenantId = 'a', timeoutMs = 3000 } = {}) =>
    resolver.lookup(name, { tenantId, signal: AbortSignal.timeout(timeoutMs) });
  const questionsFor = (name: string) => dns.questions.filter((asked) => asked === name).length;

  it('has the addresses of both families, IPv4 first', async () => {
    dns.zone('two.test', { addresses: ['2001:db8::1', '192.0.2.1'] });
    expect(await lookUp('two.test')).toEqual([
      { address: '192.0.2.1', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ]);
  });

  it.each([['192.0.2.1'], ['2001:db8::1']])('takes a name that has %s alone', async (address) => {
    dns.zone('one.test', { addresses: [address] });
    expect(await lookUp('one.test')).toMatchObject([{ address }]);
  });

  it('does not wait for a family that is not answered when it has the other one', async () => {
    dns.zone('half.test', { addresses: ['192.0.2.1'], silentForV6: true });
    expect(await lookUp('half.test', { timeoutMs: 1500 })).toMatchObject([{ address: '192.0.2.1' }]);
  });

  it('keeps an answer for its TTL, and one of no TTL not at all', async () => {
    dns.zone('kept.test', { addresses: ['192.0.2.1'], ttlS: 60 });
    dns.zone('brief.test', { addresses: ['192.0.2.1'], ttlS: 0 });
    for (const name of ['kept.test', 'kept.test', 'brief.test', 'brief.test']) await lookUp(name);
    expect([questionsFor('kept.test'), questionsFor('brief.test')]).toEqual([1, 2]);
  });

  it('asks one question for all that look up a name at once', async () => {
    dns.zone('shared.test', { addresses: ['192.0.2.1'] });
    await Promise.all(
      Array.from({ length: 50 }, (_none, index) => lookUp('shared.test', { tenantId: `${index}` })),
    );
    expect(questionsFor('shared.test')).toBe(1);
  });

  it('keeps failures for a while', async () => {
    dns.zone('none.test', 'unknown');
    for (let count = 0; count < 3; count += 1)
      await expect(lookUp('none.test')).rejects.toMatchObject({ code: 'DNS_FAILED', reason: 'ENOTFOUND' });
    expect(questionsFor('none.test')).toBe(1);
  });

  it('gives up at the signal, and leaves the question to others that wait for it', async () => {
    dns.zone('silent.test', 'silent', { addresses: ['192.0.2.1'] });
    const patient = lookUp('silent.test', { timeoutMs: 8000 });
    await expect(lookUp('silent.test', { timeoutMs: 100 })).rejects.toMatchObject({ name: 'TimeoutError' });
    // The second try of the question is answered, after 2 s.
    expect(await patient).toMatchObject([{ address: '192.0.2.1' }]);
  });

  it('lets the silent names of one tenant delay no name of another', async () => {
    dns.zone('quick.test', { addresses: ['192.0.2.1'] });
    const names = Array.from({ length: 40 }, (_none, index) => `n${index}.silent.test`);
    for (const name of names) dns.zone(name, 'silent');
    const silent = names.map((name) => lookUp(name, { timeoutMs: 1000 }).catch(() => undefined));
    await until('questions of the first tenant', () => dns.questions.length >= 8);
    expect(await lookUp('quick.test', { tenantId: 'b', timeoutMs: 500 })).toHaveLength(1);
    expect(new Set(dns.questions).size).toBe(9);
    await Promise.all(silent);
  });

  it('has loopback for localhost, and asks nobody', async () => {
    expect(await lookUp('localhost')).toMatchObject([{ address: '127.0.0.1' }, { address: '::1' }]);
    expect(await lookUp('hook.localhost')).toHaveLength(2);
    expect(dns.questions).toEqual([]);
  });
});
