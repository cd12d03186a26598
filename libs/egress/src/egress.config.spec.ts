import { loadConfig } from '#libs/config';
import { EgressConfig, egressPolicy, judgeUrl, strictPolicy } from './index.js';

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
