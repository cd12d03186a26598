import { loadConfig } from '#libs/config';
import { provisionPostgres } from '../start/provision-postgres.js';
import { provisionRabbitMq } from '../start/provision-rabbitmq.js';
import { keyOf, loadSecrets } from '../start/secrets.js';
import { type ServiceName, services } from '../start/services.js';
import { boundsOf, ProvisionConfig } from './provision.config.js';
import { handOver, secretsFile } from './secrets-directory.js';

/**
 * docker compose, second step, when Postgres and RabbitMQ run: each service's own login in both, and a file with which
 * it finds them. May be run again, and is with every `docker compose up`: what a new version adds is there then.
 */
const secrets = await loadSecrets(secretsFile);
/** Of the cluster, where RabbitMQ is one: services try one after the other. */
const nodes = (process.env['RABBITMQ_NODES'] ?? 'rabbitmq').split(',');
const broker = {
  amqpUrl: nodes.map((node) => `amqp://posthorn:${secrets.rabbitMqPassword}@${node}:5672`).join(','),
  managementUrl: 'http://rabbitmq:15672',
};
const postgresUrl = `postgres://postgres:${secrets.postgresPassword}@postgres:5432/postgres`;

const databases: Partial<Record<ServiceName, string>> = (await provisionPostgres(postgresUrl, secrets))
  .ofService;
const logins = await provisionRabbitMq(broker, secrets, boundsOf(loadConfig(ProvisionConfig)));
for (const { name, keys } of services) {
  const environment = {
    ...Object.fromEntries(keys.map((key) => [key, keyOf(secrets, key)])),
    RABBITMQ_URL: logins.ofService[name],
    ...(databases[name] !== undefined && { DATABASE_URL: databases[name] }),
  };
  const lines = Object.entries(environment).map(([variable, value]) => `${variable}=${value}\n`);
  handOver(name, 'service.env', lines.join(''));
}

// For people, who ask the gateway's container for them.
handOver('gateway', 'api-key', `${secrets.rootKey}\n`);
handOver('gateway', 'publisher-amqp-url', `${logins.publisher}\n`);
