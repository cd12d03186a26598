import type { Context } from './context.js';
import { startOwnServers } from './own-servers.js';
import { type ServerName, serverNames } from './run-file.js';
import { given } from './service-environment.js';

export interface Infrastructure {
  /** An administrator's, as `databaseUrl` is. */
  readonly amqpUrl: string;
  readonly databaseUrl: string;
  readonly managementUrl: string | undefined;
  /** Brought by the user, and used as it is. */
  readonly isExternal: Readonly<Record<ServerName, boolean>>;
}

/** Postgres and RabbitMQ: the user's where an address is given, else our own. */
export async function startInfrastructure(context: Context): Promise<Infrastructure> {
  const { DATABASE_URL, RABBITMQ_URL, RABBITMQ_MANAGEMENT_URL } = given(context.environment);
  const external = { rabbitmq: RABBITMQ_URL, postgres: DATABASE_URL };
  const isExternal = { rabbitmq: RABBITMQ_URL !== undefined, postgres: DATABASE_URL !== undefined };
  const own = await startOwnServers(
    context,
    serverNames.filter((name) => !isExternal[name]),
  );
  const addressOf = (name: ServerName): string => external[name] ?? own[name]?.url ?? '';
  return {
    amqpUrl: addressOf('rabbitmq'),
    databaseUrl: addressOf('postgres'),
    managementUrl: own.rabbitmq?.managementUrl ?? RABBITMQ_MANAGEMENT_URL,
    isExternal,
  };
}
