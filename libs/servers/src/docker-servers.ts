import { amqpUrl } from './native-rabbitmq.js';
import { postgresUrl } from './native-postgres.js';
import {
  type Container,
  containerEnd,
  containerLog,
  containerName,
  endContainer,
  images,
  startContainer,
  stopContainer,
} from './docker.js';
import { postgresAnswers, rabbitMqAnswers, startError, waitUntil } from './readiness.js';
import type { PostgresSettings, RabbitMqSettings, Server, Surroundings } from './server.js';

const startDeadlineMs = 90_000;

export async function startDockerPostgres(
  settings: PostgresSettings,
  surroundings: Surroundings,
): Promise<Server> {
  const url = postgresUrl(settings);
  const container: Container = {
    name: containerName(settings),
    image: images.postgres,
    volumeAt: '/var/lib/postgresql/data',
    ports: { 5432: settings.ports.postgres },
    environment: {
      POSTGRES_USER: settings.user,
      POSTGRES_PASSWORD: settings.password,
      POSTGRES_DB: 'postgres',
    },
    command: ['-c', 'max_connections=200'],
  };
  const server = await start('postgres', container, surroundings, () => postgresAnswers(url));
  return { ...server, url };
}

export async function startDockerRabbitMq(
  settings: RabbitMqSettings,
  surroundings: Surroundings,
): Promise<Server> {
  const url = amqpUrl(settings);
  const managementUrl = `http://127.0.0.1:${settings.ports.management}`;
  const container: Container = {
    name: containerName(settings),
    image: images.rabbitmq,
    volumeAt: '/var/lib/rabbitmq',
    ports: { 5672: settings.ports.amqp, 15672: settings.ports.management },
    environment: { RABBITMQ_DEFAULT_USER: settings.user, RABBITMQ_DEFAULT_PASS: settings.password },
    // The node's name, and with it the directory of its data, contains the host's.
    options: ['--hostname', 'posthorn'],
  };
  const server = await start('rabbitmq', container, surroundings, () => rabbitMqAnswers(url, managementUrl));
  return { ...server, url, managementUrl };
}

async function start(
  role: 'postgres' | 'rabbitmq',
  container: Container,
  { onStarted }: Surroundings,
  answers: () => Promise<boolean>,
): Promise<Omit<Server, 'url'>> {
  const { name } = container;
  const note = (): void => onStarted?.({ kind: 'container', name: role, container: name });
  note();
  const containerId = await startContainer(container);
  // Again: whoever has ended everything in the meantime did not find it yet.
  note();
  const gone = containerEnd(containerId);
  const stop = (): Promise<void> => endContainer(name);
  try {
    await waitUntil(answers, {
      failure: `The container ${name} does not answer`,
      deadlineMs: startDeadlineMs,
      gone,
    });
  } catch (cause) {
    const log = await containerLog(name);
    // Not removed: the next try takes the same container, so that its id stays.
    await stopContainer(name);
    throw startError(cause, log);
  }
  return { kind: 'docker', containerId, gone, stop };
}
