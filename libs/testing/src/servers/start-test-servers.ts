import { chooseKind, images, managementHeaders } from '#libs/servers';
import { startTestContainers } from './test-containers.js';
import { startTestPrograms } from './test-programs.js';
import type { TestServers } from './test-servers.js';

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
  const response = await fetch(`${managementUrl}/api/overview`, { headers: managementHeaders(amqpUrl) });
  const { rabbitmq_version: version } = (await response.json()) as { rabbitmq_version: string };
  return kind === 'docker'
    ? `RabbitMQ ${version} and Postgres 17 in Docker (Testcontainers)`
    : `RabbitMQ ${version} and embedded Postgres as programs of this machine`;
}
