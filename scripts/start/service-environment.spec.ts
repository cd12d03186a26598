import { apiUrl, serviceEnvironment } from './service-environment.js';
import { services } from './services.js';

const assignment = {
  secrets: { rootKey: 'phk_root_generated', masterKey: 'generated', keyPepper: 'pepper' },
  amqpUrl: 'amqp://ours',
  databaseUrl: 'postgres://posthorn_router@ours',
  metricsPort: 20_001,
};
const gateway = (caller: NodeJS.ProcessEnv, changes: object = {}) =>
  serviceEnvironment('gateway', caller, { ...assignment, ...changes });

describe('the environment of a service', () => {
  it('has the development defaults that it reads, and what was set up for it', () => {
    expect(serviceEnvironment('dispatcher', {}, assignment)).toEqual({
      EGRESS_ALLOW_HTTP: 'true',
      EGRESS_ALLOW_CIDRS: '127.0.0.0/8,::1/128',
      EGRESS_ALLOW_PORTS: '*',
      POSTHORN_PUBLIC_URLS: expect.stringContaining('http://localhost:8080,http://127.0.0.1:8080'),
      POSTHORN_MASTER_KEY: 'generated',
      RABBITMQ_URL: 'amqp://ours',
      DATABASE_URL: 'postgres://posthorn_router@ours',
      METRICS_PORT: '20001',
      LOG_FORMAT: 'json',
      NODE_OPTIONS: '--max-semi-space-size=16',
    });
    expect(gateway({})).toMatchObject({
      GATEWAY_PORT: '8080',
      GATEWAY_HOST: '127.0.0.1',
      POSTHORN_ROOT_KEY: 'phk_root_generated',
      POSTHORN_KEY_PEPPER: 'pepper',
      DRAIN_DELAY_MS: '0',
    });
  });

  it('keeps what the caller has set for it', () => {
    const caller = { GATEWAY_PORT: '9000', POSTHORN_ROOT_KEY: 'mine', LOG_FORMAT: 'pretty' };
    expect(gateway(caller)).toMatchObject(caller);
    const ledger = serviceEnvironment('ledger', { RETRY_SCHEDULE: '1s', TZ: 'UTC' }, assignment);
    expect(ledger).toMatchObject({ RETRY_SCHEDULE: '1s', TZ: 'UTC' });
  });

  it.each(services)('has the keys of $name and of no other service', ({ name, keys }) => {
    const caller = {
      POSTHORN_ROOT_KEY: 'root of the caller',
      POSTHORN_KEY_PEPPER: 'pepper of the caller',
      POSTHORN_MASTER_KEY: 'master of the caller',
    };
    const environment = serviceEnvironment(name, caller, assignment);
    expect(Object.keys(environment).filter((variable) => variable in caller)).toEqual(
      expect.arrayContaining([...keys]),
    );
    const others = Object.keys(caller).filter((variable) => !(keys as readonly string[]).includes(variable));
    for (const other of others) expect(environment).not.toHaveProperty(other);
  });

  it.each(services)('of $name has nothing else that the caller has', ({ name }) => {
    const caller = {
      RABBITMQ_MANAGEMENT_URL: 'http://administrator:password@rabbitmq:15672',
      AWS_SECRET_ACCESS_KEY: 'a',
      PGPASSWORD: 'b',
      GITHUB_TOKEN: 'c',
      POSTHORN_STATE_DIR: 'd',
    };
    const environment = serviceEnvironment(name, { ...caller, PATH: '/bin' }, assignment);
    for (const variable of Object.keys(caller)) expect(environment).not.toHaveProperty(variable);
    expect(environment).toMatchObject({ PATH: '/bin', RABBITMQ_URL: 'amqp://ours' });
  });

  it('takes an empty variable as not set', () => {
    expect(gateway({ GATEWAY_PORT: '' })).toMatchObject({ GATEWAY_PORT: '8080' });
  });

  it('has the addresses of all gateways, with those that the caller names, as the own ones', () => {
    const caller = { GATEWAY_PORT: '9000', POSTHORN_PUBLIC_URLS: 'https://events.example.com' };
    const { POSTHORN_PUBLIC_URLS: urls } = serviceEnvironment('registry', caller, {
      ...assignment,
      otherGatewayPorts: [20_002],
    });
    expect(urls?.split(',')).toEqual(
      expect.arrayContaining([
        'https://events.example.com',
        'http://localhost:9000',
        'http://[::1]:9000',
        'http://127.0.0.1:20002',
      ]),
    );
  });

  it('has no database for a service that owns no data', () => {
    expect(gateway({ DATABASE_URL: 'postgres://administrator@ours' })).not.toHaveProperty('DATABASE_URL');
  });

  it('lets a gateway that is not the only one go on serving for a second when it stops', () => {
    const several = { hasOtherGateways: true };
    expect(gateway({}, several)).toMatchObject({ DRAIN_DELAY_MS: '1000' });
    expect(gateway({ DRAIN_DELAY_MS: '9' }, several)).toMatchObject({ DRAIN_DELAY_MS: '9' });
  });

  it("has a port of its own for a second gateway, as the first one has the caller's", () => {
    expect(gateway({ GATEWAY_PORT: '9000' }, { gatewayPort: 20_002 })).toMatchObject({
      GATEWAY_PORT: '20002',
    });
  });

  it('has a port for metrics of its own even if the caller has set one', () => {
    expect(gateway({ METRICS_PORT: '9464' })).toMatchObject({ METRICS_PORT: '20001' });
  });
});

describe('the address of the API', () => {
  it.each([
    [{}, 'http://127.0.0.1:8080'],
    [{ GATEWAY_PORT: '9000' }, 'http://127.0.0.1:9000'],
    [{ GATEWAY_HOST: '0.0.0.0' }, 'http://127.0.0.1:8080'],
    [{ GATEWAY_HOST: '192.168.1.5' }, 'http://192.168.1.5:8080'],
  ])('for %j is %s', (caller, url) => {
    expect(apiUrl(caller)).toBe(url);
  });
});
