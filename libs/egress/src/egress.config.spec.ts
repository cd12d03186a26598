import { loadConfig, ToList } from '#libs/config';
import { EachIsNameServer, EgressConfig, egressPolicy, judgeUrl, strictPolicy } from './index.js';

const policyFrom = (environment: Record<string, string>) =>
  egressPolicy(loadConfig(EgressConfig, environment));

describe('the configuration of outgoing requests', () => {
  it('is strict when nothing is set', () => {
    expect(policyFrom({})).toEqual(strictPolicy);
    expect(policyFrom({ EGRESS_ALLOW_CIDRS: '', EGRESS_ALLOW_PORTS: '' })).toEqual(strictPolicy);
  });

  it('opens what the operator lists', () => {
    const policy = policyFrom({
      EGRESS_ALLOW_HTTP: 'true',
      EGRESS_ALLOW_CIDRS: '127.0.0.0/8, ::1/128',
      EGRESS_ALLOW_PORTS: '80,3000',
    });
    expect(policy).toMatchObject({ allowHttp: true, allowedPorts: [80, 3000] });
    expect(judgeUrl('http://127.0.0.1:3000/', policy).verdict).toBe('allow');
    expect(judgeUrl('http://[::1]:3000/', policy).verdict).toBe('allow');
    expect(judgeUrl('http://127.0.0.1:3001/', policy).verdict).toBe('deny');
  });

  it('opens every port with a star', () => {
    expect(policyFrom({ EGRESS_ALLOW_PORTS: '*' }).allowedPorts).toBe('all');
  });

  class Servers {
    @ToList() @EachIsNameServer() readonly SERVERS: string[] = [];
  }

  it.each(['10.0.0.53', '10.0.0.53:5353', 'fd00::53', '[fd00::53]:53'])(
    'takes the name server %s',
    (text) => {
      expect(loadConfig(Servers, { SERVERS: text }).SERVERS).toEqual([text]);
    },
  );

  it.each(['dns.example.com', '10.0.0.53:0', '10.0.0:53', '[10.0.0.53'])(
    'does not take %s for one',
    (text) => {
      expect(() => loadConfig(Servers, { SERVERS: text })).toThrow('SERVERS');
    },
  );

  it.each([
    ['EGRESS_ALLOW_HTTP', 'yes'],
    ['EGRESS_ALLOW_CIDRS', '10.0.0.0'],
    ['EGRESS_ALLOW_CIDRS', '10.0.0.0/33'],
    ['EGRESS_ALLOW_CIDRS', '10/8'],
    ['EGRESS_ALLOW_CIDRS', 'localhost'],
    ['EGRESS_ALLOW_CIDRS', '10.0.0.0/8,'],
    ['EGRESS_ALLOW_PORTS', '0'],
    ['EGRESS_ALLOW_PORTS', '65536'],
    ['EGRESS_ALLOW_PORTS', '80;443'],
    ['EGRESS_ALLOW_PORTS', '-1'],
  ])('names the variable that cannot be read: %s=%s', (name, value) => {
    expect(() => policyFrom({ [name]: value })).toThrow(name);
  });
});
