import { execSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { containerEnd, images, postgresAnswers, rabbitMqAnswers, waitUntil } from '#libs/servers';
import {
  GenericContainer,
  type StartedTestContainer,
  StartupCheckStrategy,
  type StartupStatus,
} from 'testcontainers';
import { whenInterrupted } from './when-interrupted.js';
import type { TestServers } from './test-servers.js';

const user = 'test';
const password = 'test';
const deadlineMs = 90_000;
/** Marks the containers of one run, so that they are found while their ids are not known yet. */
const runLabel = 'posthorn.test-run';

export async function startTestContainers(): Promise<TestServers> {
  // The container that would clean up after us is an image of its own, which cannot be had everywhere.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const run = randomUUID();
  const goOn = whenInterrupted(() =>
    execSync(`docker ps -aq --filter label=${runLabel}=${run} | xargs -r docker rm -fv`),
  );
  const containers = await startBoth(run);
  const [rabbitmq, postgres] = containers;
  const credentials = `${user}:${password}`;
  const servers: TestServers = {
    kind: 'docker',
    amqpUrl: `amqp://${credentials}@${addressOf(rabbitmq, 5672)}`,
    managementUrl: `http://${addressOf(rabbitmq, 15672)}`,
    databaseUrl: `postgres://${credentials}@${addressOf(postgres, 5432)}/postgres`,
    stop: async () => {
      await Promise.all(containers.map((container) => container.stop({ timeout: 0 })));
      goOn();
    },
  };
  const gone = Promise.race(containers.map((container) => containerEnd(container.getId())));
  await waitForBoth(servers, gone).catch(async (error: unknown) => {
    await servers.stop();
    throw error;
  });
  return servers;
}

async function startBoth(run: string): Promise<[StartedTestContainer, StartedTestContainer]> {
  const rabbitmq = await new GenericContainer(images.rabbitmq)
    .withExposedPorts(5672, 15672)
    .withLabels({ [runLabel]: run })
    .withWaitStrategy(new IsCreated())
    .withEnvironment({ RABBITMQ_DEFAULT_USER: user, RABBITMQ_DEFAULT_PASS: password })
    .start();
  try {
    const postgres = await new GenericContainer(images.postgres)
      .withExposedPorts(5432)
      .withLabels({ [runLabel]: run })
      .withWaitStrategy(new IsCreated())
      .withEnvironment({ POSTGRES_USER: user, POSTGRES_PASSWORD: password, POSTGRES_DB: 'postgres' })
      .withCommand(['-c', 'max_connections=200', '-c', 'fsync=off'])
      .start();
    return [rabbitmq, postgres];
  } catch (error) {
    await rabbitmq.stop();
    throw error;
  }
}

async function waitForBoth(
  { amqpUrl, managementUrl, databaseUrl }: TestServers,
  gone: Promise<string>,
): Promise<void> {
  const wait = { failure: 'A server in Docker does not answer', deadlineMs, gone };
  await waitUntil(() => rabbitMqAnswers(amqpUrl, managementUrl), wait);
  await waitUntil(() => postgresAnswers(databaseUrl), wait);
}

/** Readiness is ours to judge: Testcontainers would wait a minute for the ports of a container that has ended. */
class IsCreated extends StartupCheckStrategy {
  override checkStartupState(): Promise<StartupStatus> {
    return Promise.resolve('SUCCESS');
  }
}

/** By IPv4: Docker gives a port of its own on IPv6, so that the same number may be another container's there. */
function addressOf(container: StartedTestContainer, port: number): string {
  const host = container.getHost();
  return `${host === 'localhost' ? '127.0.0.1' : host}:${container.getMappedPort(port)}`;
}
