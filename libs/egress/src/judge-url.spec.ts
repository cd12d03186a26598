import { egressPolicy, EgressConfig, judgeUrl, strictPolicy, type EgressPolicy } from './index.js';

/** The strict policy but for plain http, so that what is under test is not hidden behind the scheme. */
const withHttp: EgressPolicy = { ...strictPolicy, allowHttp: true };
const development = egressPolicy(
  Object.assign(new EgressConfig(), {
    EGRESS_ALLOW_HTTP: true,
    EGRESS_ALLOW_CIDRS: ['127.0.0.0/8', '::1/128'],
    EGRESS_ALLOW_PORTS: ['*'],
  }),
);
const reasonFor = (url: string, policy: EgressPolicy = withHttp) => {
  const judged = judgeUrl(url, policy);
  return judged.verdict === 'deny' ? judged.reason : 'allowed';
};

describe('the URL of a destination', () => {
  it.each([
    ['https://example.com/', 'https://example.com/'],
    ['https://example.com:8443/hook?a=1&b=%20', 'https://example.com:8443/hook?a=1&b=%20'],
    ['https://EXAMPLE.com./hook', 'https://example.com/hook'],
    ['HTTPS://example.com:443/', 'https://example.com/'],
    ['https://аpple.com/', 'https://xn--pple-43d.com/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
    ['https://my_service.example.com/ø', 'https://my_service.example.com/%C3%B8'],
  ])('may be %s, kept as %s', (given, kept) => {
    const judged = judgeUrl(given, strictPolicy);
    expect(judged).toMatchObject({ verdict: 'allow' });
    expect(judged.verdict === 'allow' && judged.url.href).toBe(kept);
  });

  it.each([
    ['loopback', '127.0.0.1'],
    ['a short spelling', '127.1'],
    ['a decimal spelling', '2130706433'],
    ['a hexadecimal spelling', '0x7f000001'],
    ['an octal spelling', '0177.0.0.1'],
    ['a dot behind it', '127.0.0.1.'],
    ['percent encoding', '127%2e0%2e0%2e1'],
    ['digits in circles', '①②⑦.⓪.⓪.①'],
    ['the unspecified address', '0.0.0.0'],
    ['a private network', '10.0.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['cloud metadata', '169.254.169.254'],
    ['cloud metadata in decimal', '2852039166'],
    ['a public address only Azure uses', '168.63.129.16'],
    ['a test network', '192.0.2.1'],
    ['multicast', '224.0.0.1'],
    ['IPv6 loopback', '[::1]'],
    ['a mapped loopback', '[::ffff:127.0.0.1]'],
    ['a mapped public address', '[::ffff:8.8.8.8]'],
    ['a compatible loopback', '[::127.0.0.1]'],
    ['NAT64', '[64:ff9b::169.254.169.254]'],
    ['6to4', '[2002:7f00:1::]'],
    ['Teredo', '[2001:0:4136:e378:8000:63bf:3fff:fdd2]'],
    ['link-local', '[fe80::1]'],
    ['a unique local address', '[fd00:ec2::254]'],
    ['IPv6 that is not given out', '[4000::1]'],
  ])('may not name an address inside: %s', (_name, host) => {
    expect(reasonFor(`http://${host}/`)).toBe('host');
    expect(reasonFor(`https://${host}/`, strictPolicy)).toBe('host');
  });

  it.each([
    'localhost',
    'LOCALHOST.',
    'loc%61lhost',
    'loc\u00adalhost',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'a.localhost',
    'intranet',
  ])('may not be a name of the inside: %s', (host) => expect(reasonFor(`http://${host}/`)).toBe('host'));

  it.each([
    'metadata.google.internal',
    'x.svc',
    'printer.local',
    'router.home.arpa',
    'x.onion',
    '127.0.0.1.nip.io',
  ])('may not have a special name: %s', (host) => expect(reasonFor(`http://${host}/`)).toBe('host'));

  it.each([
    ['a user name', 'https://user@example.com/', 'userinfo'],
    ['an empty user name', 'https://@example.com/', 'userinfo'],
    ['a password', 'https://user:pass@example.com/', 'userinfo'],
    ['a fragment', 'https://example.com/#frag', 'fragment'],
    ['a backslash', 'https://example.com\\@127.0.0.1/', 'characters'],
    ['a tab', 'https://example.com\t/', 'characters'],
    ['a space in front', ' https://example.com/', 'characters'],
    ['a NUL', 'https://example.com/\0', 'characters'],
    ['no slashes', 'https:example.com/', 'malformed'],
    ['three slashes', 'https:///example.com/', 'malformed'],
    ['an empty label', 'https://a..b/', 'malformed'],
    ['two dots behind the name', 'https://example.com../', 'malformed'],
    ['a label of a hyphen', 'https://-/', 'malformed'],
    ['an impossible address', 'https://256.256.256.256/', 'malformed'],
    ['no scheme', '//example.com/', 'no_scheme'],
    ['a host and a port in place of a scheme', 'localhost:9000/x', 'no_scheme'],
    ['a name in place of a scheme', 'example.com/x', 'no_scheme'],
    ['another scheme', 'ftp://example.com/', 'scheme'],
    ['a socket', 'unix:/var/run/docker.sock', 'scheme'],
    ['nothing in it', '', 'no_scheme'],
    ['a port of something else', 'https://example.com:6379/', 'port'],
    ['port 0', 'https://example.com:0/', 'port'],
    ['a port that there is not', 'https://example.com:65536/', 'port'],
    ['2,049 characters', `https://example.com/${'a'.repeat(2029)}`, 'too_long'],
    ['more than 2,048 once encoded', `https://example.com/${'ø'.repeat(1000)}`, 'too_long'],
  ])('may not have %s', (_name, url, reason) => {
    expect(reasonFor(url)).toBe(reason);
  });

  it('may be plain http only when the operator says so', () => {
    expect(reasonFor('http://example.com/', strictPolicy)).toBe('scheme');
    expect(reasonFor('http://example.com/', withHttp)).toBe('allowed');
  });

  it.each(['http://127.0.0.1:3000/', 'http://localhost:3000/', 'http://[::1]:3000/', 'http://2130706433:1/'])(
    'may be on this machine when the operator opens loopback: %s',
    (url) => expect(reasonFor(url, development)).toBe('allowed'),
  );

  it.each(['http://10.0.0.1/', 'http://[::ffff:127.0.0.1]/', 'http://localhost:0/'])(
    'may not be what the operator has not opened: %s',
    (url) => expect(reasonFor(url, development)).not.toBe('allowed'),
  );

  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    '[fd00:ec2::254]',
  ])('may never be cloud metadata, even when the operator opens everything: %s', (host) => {
    const everything = Object.assign(new EgressConfig(), { EGRESS_ALLOW_CIDRS: ['0.0.0.0/0', '::/0'] });
    expect(reasonFor(`https://${host}/`, egressPolicy(everything))).toBe('host');
    expect(reasonFor('https://[64:ff9b::a9fe:a9fe]/', egressPolicy(everything))).toBe('host');
    expect(reasonFor('https://[2002:a9fe:a9fe::]/', egressPolicy(everything))).toBe('host');
    expect(reasonFor('https://metadata.google.internal/', egressPolicy(everything))).toBe('host');
    expect(reasonFor('https://10.0.0.1/', egressPolicy(everything))).toBe('allowed');
  });
});
