import { amqpAnswers } from '#libs/servers';
import type { Context } from './context.js';
import type { Infrastructure } from './infrastructure.js';
import { type Databases, externalDatabases, provisionPostgres } from './provision-postgres.js';
import { provisionRabbitMq } from './provision-rabbitmq.js';

export interface Provisioned {
  readonly databases: Databases;
  readonly publisherAmqpUrl: string;
}

/** Sets up in Postgres and RabbitMQ what the services and publishers log in with. */
export async function provision(
  { secrets, say }: Context,
  infrastructure: Infrastructure,
): Promise<Provisioned> {
  const { databaseUrl, amqpUrl: amqpUrls, managementUrl, isExternal } = infrastructure;
  const databases = isExternal.postgres
    ? await externalDatabases(databaseUrl)
    : await provisionPostgres(databaseUrl, secrets);
  // Several are the nodes of one cluster.
  const amqpUrl = amqpUrls.split(',')[0] ?? '';
  if (isExternal.rabbitmq) await checkExternalBroker(amqpUrl);
  if (managementUrl !== undefined) {
    const publisherAmqpUrl = await provisionRabbitMq({ amqpUrl, managementUrl }, secrets.publisherPassword);
    return { databases, publisherAmqpUrl };
  }
  say('RABBITMQ_MANAGEMENT_URL is not set: publisherAmqpUrl is RABBITMQ_URL, with all its rights.');
  return { databases, publisherAmqpUrl: amqpUrl };
}

async function checkExternalBroker(amqpUrl: string): Promise<void> {
  const { protocol, host } = new URL(amqpUrl);
  // A broker behind TLS is left to the services to find out about.
  if (protocol === 'amqp:' && !(await amqpAnswers(amqpUrl)))
    throw new Error(`RABBITMQ_URL: no broker answers at ${host}.`);
}
