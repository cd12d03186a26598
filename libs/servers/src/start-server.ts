import { startDockerPostgres, startDockerRabbitMq } from './docker-servers.js';
import { removeDockerServer } from './docker.js';
import { startNativePostgres } from './native-postgres.js';
import { startNativeRabbitMq } from './native-rabbitmq.js';
import { removeHome } from './postgres-home.js';
import type {
  Kind,
  PostgresSettings,
  RabbitMqSettings,
  Server,
  ServerSettings,
  Surroundings,
} from './server.js';

/** Starts Postgres, and returns when it answers. Data of an earlier start in the same directory is found again. */
export function startPostgres(
  kind: Kind,
  settings: PostgresSettings,
  surroundings: Surroundings,
): Promise<Server> {
  const start = { docker: startDockerPostgres, native: startNativePostgres }[kind];
  return start(settings, surroundings);
}

/** Starts RabbitMQ, and returns when AMQP and management answer. Data of an earlier start is found again. */
export function startRabbitMq(
  kind: Kind,
  settings: RabbitMqSettings,
  surroundings: Surroundings,
): Promise<Server> {
  const start = { docker: startDockerRabbitMq, native: startNativeRabbitMq }[kind];
  return start(settings, surroundings);
}

/** Forgets the data of a server that does not run. */
export async function removeServerData(
  kind: Kind,
  settings: Pick<ServerSettings, 'directory'>,
): Promise<void> {
  if (kind === 'docker') await removeDockerServer(settings);
  await removeHome(settings.directory);
}
