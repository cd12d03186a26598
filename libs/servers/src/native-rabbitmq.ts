import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess, run, type RunningProcess, startProcess } from './processes.js';
import { findEpmd, findRabbitMq } from './rabbitmq-program.js';
import { rabbitMqAnswers, startError, tailOf, waitUntil } from './readiness.js';
import type { RabbitMqSettings, Server, Surroundings } from './server.js';

const startDeadlineMs = 90_000;
const stopGraceMs = 15_000;

/**
 * A RabbitMQ node of our own: its data, configuration, cookie and ports are its own, it listens on 127.0.0.1 only, and
 * it neither sees nor disturbs the system's RabbitMQ. Works with RabbitMQ 3.10 and 4.
 */
export async function startNativeRabbitMq(
  settings: RabbitMqSettings,
  surroundings: Surroundings,
): Promise<Server> {
  const program = await findRabbitMq(surroundings);
  const epmd = await startEpmd(settings, surroundings);
  await writeConfiguration(settings);
  const node = await startProcess([program], {
    environment: nodeEnvironment(settings, surroundings),
    logFile: settings.logFile,
  });
  surroundings.onStarted?.({ kind: 'process', name: 'rabbitmq', process: node.id, signal: 'SIGTERM' });
  // Without a node epmd has no purpose; the next start brings its own.
  const gone = node.gone.then(async (reason) => {
    await epmd.stop();
    return reason;
  });
  const stop = async (): Promise<void> => {
    await endProcess(node.id, settings.isThrowaway === true ? 'SIGKILL' : 'SIGTERM', stopGraceMs);
    await gone;
  };
  const url = amqpUrl(settings);
  const managementUrl = `http://127.0.0.1:${settings.ports.management}`;
  try {
    const wait = { failure: 'RabbitMQ did not start', deadlineMs: startDeadlineMs, gone: node.gone };
    await waitUntil(() => rabbitMqAnswers(url, managementUrl), wait);
  } catch (cause) {
    await stop();
    throw startError(cause, await tailOf(settings.logFile));
  }
  return { kind: 'native', url, managementUrl, pid: node.id.pid, gone, stop };
}

export function amqpUrl({ user, password, ports }: RabbitMqSettings): string {
  return `amqp://${user}:${password}@127.0.0.1:${ports.amqp}`;
}

/** Erlang's port mapper. Nodes start one for the whole machine that outlives them: ours is our own child instead. */
async function startEpmd(
  settings: RabbitMqSettings,
  surroundings: Surroundings,
): Promise<RunningProcess & { stop: () => Promise<void> }> {
  const program = await findEpmd(surroundings);
  const port = String(settings.ports.epmd);
  const environment = { PATH: surroundings.searchPath };
  const epmd = await startProcess([program, '-address', '127.0.0.1', '-port', port], {
    environment,
    logFile: settings.logFile,
  });
  surroundings.onStarted?.({ kind: 'process', name: 'epmd', process: epmd.id, signal: 'SIGTERM' });
  const stop = async (): Promise<void> => {
    await endProcess(epmd.id, 'SIGTERM', stopGraceMs);
    // A node that misses its epmd starts another one, which is not our child.
    await run(program, ['-port', port, '-kill'], { env: environment }).catch(() => undefined);
  };
  return { ...epmd, stop };
}

/** Every path is named: what is not would come from /etc/rabbitmq and /var/lib/rabbitmq, which are the system's. */
function nodeEnvironment(
  { directory, ports }: RabbitMqSettings,
  { searchPath }: Surroundings,
): NodeJS.ProcessEnv {
  return {
    PATH: searchPath,
    LANG: 'C.UTF-8',
    // The Erlang cookie is kept in it.
    HOME: join(directory, 'home'),
    // A crash is told in the log; the dump of a whole node's memory helps nobody here.
    ERL_CRASH_DUMP_SECONDS: '0',
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'posthorn@localhost',
    RABBITMQ_DIST_PORT: String(ports.distribution),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_SCHEMA_DIR: join(directory, 'schema'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_CONFIG_FILES: join(directory, 'conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(directory, 'advanced.config'),
    RABBITMQ_CONF_ENV_FILE: join(directory, 'rabbitmq-env.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    // The start script then becomes the node itself, so that the process we know is the node and not a shell above it.
    RUNNING_UNDER_SYSTEMD: 'true',
  };
}

async function writeConfiguration(settings: RabbitMqSettings): Promise<void> {
  const { directory, ports, user, password } = settings;
  for (const name of ['home', 'data', 'log', 'schema', 'conf.d'])
    await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, 'enabled_plugins'), '[rabbitmq_management,rabbitmq_prometheus].\n');
  await writeFile(join(directory, 'advanced.config'), '[].\n');
  const lines = [
    `listeners.tcp.local = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    'prometheus.tcp.ip = 127.0.0.1',
    `prometheus.tcp.port = ${ports.prometheus}`,
    `default_user = ${user}`,
    `default_pass = ${password}`,
    'log.file.rotation.size = 10485760',
    'log.file.rotation.count = 1',
  ];
  await writeFile(join(directory, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 });
}
