import { globSync, readFileSync } from 'node:fs';
import { services } from './services.js';
import { configsOf, variablesOf } from './service-variables.js';

const secret = /^(POSTHORN_ROOT_KEY|POSTHORN_KEY_PEPPER|POSTHORN_MASTER_KEY|RABBITMQ_URL|DATABASE_URL)$/;
const compose = readFileSync('docker-compose.yml', 'utf8');
const chart = readFileSync('deploy/helm/posthorn/values.yaml', 'utf8');

/** The logins and keys that a service is given, by the table of services. */
function secretsOf({ ownsData, keys }: (typeof services)[number]): string[] {
  return ['RABBITMQ_URL', ...(ownsData ? ['DATABASE_URL'] : []), ...keys].toSorted();
}

/** The part of the compose file that is about this service. */
function composed(name: string): string {
  return new RegExp(`\\n  ${name}:\\n(?: {4}.*\\n|\\n)*`).exec(compose)?.[0] ?? '';
}

describe.each(services)('the service $name', (service) => {
  const { name } = service;

  it('is given the variables of every configuration class that it loads', () => {
    const files = globSync(`apps/${name}/src/**/*.ts`).filter((file) => !file.endsWith('.spec.ts'));
    const loaded = files.flatMap((file) => [
      ...readFileSync(file, 'utf8').matchAll(/\bloadConfig\((\w+)[,)]/g),
    ]);
    const known = configsOf[name].map((config) => config.name);
    expect(known).toEqual(expect.arrayContaining(loaded.map(([, config]) => config)));
  });

  it('reads the secrets that it is given, and no others', () => {
    const read = [...variablesOf(name)].filter((variable) => secret.test(variable)).toSorted();
    expect(read).toEqual(secretsOf(service));
  });

  it('is given the same ones by the Secret that the chart asks for', () => {
    const listed = new RegExp(`^#   ${name} +(.+)$`, 'm').exec(chart)?.[1] ?? '';
    expect(listed.split(', ').toSorted()).toEqual(secretsOf(service));
  });

  it('is passed on by compose what it reads, and no key of another service', () => {
    const passedOn = [...composed(name).matchAll(/^ {6}([A-Z_]+):/gm)].map(([, variable]) => variable ?? '');
    expect(passedOn).not.toEqual([]);
    expect(passedOn.filter((variable) => !variablesOf(name).has(variable))).toEqual([]);
  });
});
