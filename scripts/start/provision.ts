import { loadConfig } from '#libs/config';
import { amqpAnswers } from '#libs/servers';
import type { Context } from './context.js';
import type { Infrastructure } from './infrastructure.js';
import { type Databases, externalDatabases, provisionPostgres } from './provision-postgres.js';
import { firstNode, type Logins, provisionRabbitMq } from './provision-rabbitmq.js';
import { boundsOf, ProvisionConfig } from '../provision/provision.config.js';
import { services, type ServiceName } from './services.js';

export interface Provisioned {
  readonly databases: Databases;
  readonly logins: Logins;
}

/** Sets up in Postgres and RabbitMQ what the services and publishers log in with. */
export async function provision(
  { secrets, say, environment }: Context,
  infrastructure: Infrastructure,
): Promise<Provisioned> {
  const { databaseUrl, amqpUrl, managementUrl, isExternal } = infrastructure;
  const databases = isExternal.postgres
    ? await externalDatabases(databaseUrl)
    : await provisionPostgres(databaseUrl, secrets);
  if (isExternal.rabbitmq) await checkExternalBroker(firstNode(infrastructure));
  if (managementUrl !== undefined) {
    const bounds = boundsOf(loadConfig(ProvisionConfig, environment));
    return { databases, logins: await provisionRabbitMq({ amqpUrl, managementUrl }, secrets, bounds) };
  }
  say('RABBITMQ_MANAGEMENT_URL is not set: services and publishers share RABBITMQ_URL, with all its rights.');
  const ofService = Object.fromEntries(services.map(({ name }) => [name, amqpUrl]));
  return {
    databases,
    logins: { publisher: firstNode(infrastructure), ofService: ofService as Record<ServiceName, string> },
  };
}

async function checkExternalBroker(amqpUrl: string): Promise<void> {
  const { protocol, host } = new URL(amqpUrl);
  // A broker behind TLS is left to the services to find out about.
  if (protocol === 'amqp:' && !(await amqpAnswers(amqpUrl)))
    throw new Error(`RABBITMQ_URL: no broker answers at ${host}.`);
}
