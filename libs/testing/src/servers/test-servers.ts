import { basicAuthorization, chooseKind, images } from '#libs/servers';
import { startTestContainers } from './test-containers.js';
import { startTestPrograms } from './test-programs.js';

/** A RabbitMQ and a Postgres for one run of tests. Both begin empty, and nothing of them is left after `stop`. */
export interface TestServers {
  readonly kind: 'docker' | 'native';
  /** An administrator's. */
  readonly amqpUrl: string;
  /** RabbitMQ's HTTP API; user and password are those of `amqpUrl`. */
  readonly managementUrl: string;
  /** An administrator's. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** Containers where a Docker engine answers, else programs of this machine. `say` hears what the user should know. */
export async function startTestServers(
  environment: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<TestServers> {
  const forced = environment['POSTHORN_INFRASTRUCTURE'];
  const kind = await chooseKind({ forced, images: Object.values(images) }, say);
  if (kind === 'docker') {
    try {
      return await startTestContainers();
    } catch (error) {
      if (forced === 'docker') throw error;
      say(`Docker is not used, its containers do not start: ${String(error)}`);
    }
  }
  return startTestPrograms(environment['PATH'] ?? '', say);
}

/** Which servers these are, for people: results on RabbitMQ 3 and 4 are not the same thing. */
export async function describeServers({ kind, amqpUrl, managementUrl }: TestServers): Promise<string> {
  const response = await fetch(`${managementUrl}/api/overview`, {
    headers: { authorization: basicAuthorization(amqpUrl) },
  });
  const { rabbitmq_version: version } = (await response.json()) as { rabbitmq_version: string };
  return kind === 'docker'
    ? `RabbitMQ ${version} and Postgres 17 in Docker (Testcontainers)`
    : `RabbitMQ ${version} and embedded Postgres as programs of this machine`;
}
