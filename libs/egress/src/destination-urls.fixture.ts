/**
 * What a tenant may try to register, and what comes of it under the strict policy, but for plain http, which most of
 * these would otherwise be refused for. `host`: only what is between `http://` and `/`.
 */
export const deniedHosts: Readonly<Record<string, readonly string[]>> = {
  'this machine': [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '017700000001',
    '127.0.0.1.',
    '127.255.255.254',
  ],
  'this machine by a name': [
    'localhost',
    'localhost.',
    'LOCALHOST',
    'loc%61lhost',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'a.localhost',
  ],
  'this machine in other digits': ['①②⑦.⓪.⓪.①', '127%2e0%2e0%2e1'],
  'no address in particular': ['0.0.0.0', '0x', '[::]'],
  'this machine in IPv6': ['[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]'],
  'IPv4 within IPv6': [
    '[::ffff:8.8.8.8]',
    '[64:ff9b::169.254.169.254]',
    '[64:ff9b:1::a00:1]',
    '[2002:7f00:1::]',
    '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  ],
  'IPv6 that is not of the Internet': [
    '[2001:2::1]',
    '[3fff::1]',
    '[5f00::1]',
    '[fe80::1]',
    '[fe80::1%25eth0]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '[ff02::1]',
    '[4000::1]',
  ],
  'metadata of a cloud': [
    '169.254.169.254',
    '2852039166',
    '0xA9FEA9FE',
    '169.254.170.2',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    'metadata.google.internal',
  ],
  'a private network': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', '100.64.0.1'],
  'a network for something else': [
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '224.0.0.1',
    '240.0.0.1',
    '192.31.196.1',
    '192.52.193.1',
  ],
  'a name of the inside': [
    'intranet',
    'host.docker.internal',
    'kubernetes.default.svc',
    'router.home.arpa',
    'printer.local',
    '127.0.0.1.nip.io',
    'localtest.me',
    'x.onion',
  ],
  'an address in front of which somebody else stands': [
    'example.com@127.0.0.1',
    'user:pass@example.com',
    'example.com:80@127.0.0.1:25',
  ],
  'a port of something else': [
    'example.com:25',
    'example.com:22',
    'example.com:5672',
    'example.com:6379',
    'example.com:65536',
  ],
  'what is no host': ['exa mple.com', 'example.com\t', '256.256.256.256', '1.2.3.4.5', 'a..b', '-'],
};

export const deniedUrls: readonly string[] = [
  'http:127.0.0.1/',
  'http:/127.0.0.1/',
  '//127.0.0.1/',
  'ftp://example.com/',
  'gopher://127.0.0.1:6379/_PING',
  'data:text/plain,hi',
  'unix:/var/run/docker.sock',
  'http+unix://%2Fvar%2Frun%2Fdocker.sock/x',
  'https://example.com/#part',
  `https://example.com/${'a'.repeat(2100)}`,
];

export const allowedUrls: readonly string[] = [
  'https://example.com/',
  'https://example.com:8443/hook',
  'https://EXAMPLE.com./hook',
  'http://аpple.com/',
  // Neighbours of what is private.
  ...['172.32.0.1', '192.169.0.1', '11.0.0.1', '100.63.255.254', '100.128.0.1'].map(
    (host) => `http://${host}/`,
  ),
];
