import { apiUrl, serviceEnvironment } from './service-environment.js';

const assignment = {
  secrets: { rootKey: 'phk_root_generated', masterKey: 'generated', keyPepper: 'generated' },
  amqpUrl: 'amqp://ours',
  databaseUrl: 'postgres://posthorn_router@ours',
  metricsPort: 20_001,
};

describe('the environment of a service', () => {
  it('has the development defaults and what was set up for it', () => {
    expect(serviceEnvironment({}, assignment)).toEqual({
      GATEWAY_PORT: '8080',
      GATEWAY_HOST: '127.0.0.1',
      EGRESS_ALLOW_HTTP: 'true',
      EGRESS_ALLOW_CIDRS: '127.0.0.0/8,::1/128',
      EGRESS_ALLOW_PORTS: '*',
      POSTHORN_ROOT_KEY: 'phk_root_generated',
      POSTHORN_KEY_PEPPER: 'generated',
      POSTHORN_MASTER_KEY: 'generated',
      RABBITMQ_URL: 'amqp://ours',
      DATABASE_URL: 'postgres://posthorn_router@ours',
      METRICS_PORT: '20001',
      LOG_FORMAT: 'json',
      NODE_OPTIONS: '--max-semi-space-size=16',
      DRAIN_DELAY_MS: '0',
    });
  });

  it('keeps what the caller has set', () => {
    const caller = {
      GATEWAY_PORT: '9000',
      POSTHORN_ROOT_KEY: 'mine',
      LOG_FORMAT: 'pretty',
      RETRY_SCHEDULE: '1s',
    };
    expect(serviceEnvironment(caller, assignment)).toMatchObject(caller);
  });

  it('takes an empty variable as not set', () => {
    expect(serviceEnvironment({ GATEWAY_PORT: '' }, assignment)).toMatchObject({ GATEWAY_PORT: '8080' });
  });

  it('has no database for a service that owns no data', () => {
    expect(serviceEnvironment({}, { ...assignment, databaseUrl: undefined })).not.toHaveProperty(
      'DATABASE_URL',
    );
  });

  it('lets a gateway that is not the only one go on serving for a second when it stops', () => {
    const several = { ...assignment, hasOtherGateways: true };
    expect(serviceEnvironment({}, several)).toMatchObject({ DRAIN_DELAY_MS: '1000' });
    expect(serviceEnvironment({ DRAIN_DELAY_MS: '9' }, several)).toMatchObject({ DRAIN_DELAY_MS: '9' });
  });

  it("has a port of its own for a second gateway, as the first one has the caller's", () => {
    const second = { ...assignment, gatewayPort: 20_002 };
    expect(serviceEnvironment({ GATEWAY_PORT: '9000' }, second)).toMatchObject({ GATEWAY_PORT: '20002' });
  });

  it('has a port for metrics of its own even if the caller has set one', () => {
    expect(serviceEnvironment({ METRICS_PORT: '9464' }, assignment)).toMatchObject({ METRICS_PORT: '20001' });
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
