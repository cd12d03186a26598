import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunFile } from './run-file.js';
import type { ServiceProcess } from './scale.js';
import type { ServiceName } from './services.js';

const addresses = {
  apiUrl: 'http://127.0.0.1:8080',
  apiKey: 'phk_root_x',
  amqpUrl: 'amqp://admin:x@127.0.0.1:5672',
  publisherAmqpUrl: 'amqp://publisher:y@127.0.0.1:5672',
  databaseUrl: 'postgres://postgres:z@127.0.0.1:5432/posthorn',
  rabbitmqManagementUrl: 'http://127.0.0.1:15672',
};

describe('run.json', () => {
  const directory = mkdtempSync(join(tmpdir(), 'run-file-'));
  const file = join(directory, 'run.json');
  const content = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const process = (service: ServiceName, number = 1): ServiceProcess => ({
    service,
    name: `${service}-${number}`,
    number,
  });
  let run: RunFile;

  beforeEach(() => {
    run = new RunFile(file);
    run.setServer('rabbitmq', { kind: 'native', pid: 10 });
    run.setServer('postgres', { kind: 'docker', containerId: 'abc' });
    run.setService(process('router'), { pid: 12, metricsUrl: 'http://127.0.0.1:20002/metrics' });
    run.setService(process('registry'), { pid: 11, metricsUrl: 'http://127.0.0.1:20001/metrics' });
  });
  afterEach(() => run.withdraw());
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is not there before everything is ready', () => {
    expect(existsSync(file)).toBe(false);
  });

  it('has the shape that programs rely on', () => {
    run.publish(addresses);
    expect(content()).toEqual({
      ...addresses,
      services: [
        { name: 'registry', pid: 11, metricsUrl: 'http://127.0.0.1:20001/metrics' },
        { name: 'router', pid: 12, metricsUrl: 'http://127.0.0.1:20002/metrics' },
      ],
      infrastructure: {
        rabbitmq: { kind: 'native', pid: 10 },
        postgres: { kind: 'docker', containerId: 'abc' },
      },
    });
  });

  it('follows a service that was started again', () => {
    run.publish(addresses);
    run.setService(process('router'), { pid: 99, metricsUrl: 'http://127.0.0.1:20002/metrics' });
    expect(content()).toMatchObject({ services: [{ pid: 11 }, { pid: 99 }] });
  });

  it('has each process of a service, and where each gateway answers', () => {
    const entry = (pid: number) => ({ pid, metricsUrl: `http://127.0.0.1:${pid}/metrics` });
    run.setService(process('gateway', 2), { ...entry(14), apiUrl: 'http://127.0.0.1:8081' });
    run.setService(process('gateway'), { ...entry(13), apiUrl: 'http://127.0.0.1:8080' });
    run.publish(addresses);
    expect(content()).toMatchObject({
      services: [
        { name: 'registry' },
        { name: 'router' },
        { name: 'gateway', pid: 13, apiUrl: 'http://127.0.0.1:8080' },
        { name: 'gateway', pid: 14, apiUrl: 'http://127.0.0.1:8081' },
      ],
    });
  });

  it('can be read by its owner only: it holds the keys', () => {
    run.publish(addresses);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is gone when Posthorn stops', () => {
    run.publish(addresses);
    run.withdraw();
    expect(existsSync(file)).toBe(false);
  });
});
