import { join } from 'node:path';
import { freePorts, type RunningProcess, startProcess, tailOf, waitUntil } from '#libs/servers';
import type { Context } from './context.js';
import { keepRunning } from './keep-running.js';
import { type Assignment, given, serviceEnvironment } from './service-environment.js';
import { type ServiceName, services } from './services.js';

const readyDeadlineMs = 60_000;

export type MetricsPorts = Readonly<Record<ServiceName, number>>;

export async function chooseMetricsPorts(portsFile: string): Promise<MetricsPorts> {
  const names = services.map(({ name }) => `metrics-${name}` as const);
  const ports = await freePorts(portsFile, names);
  return Object.fromEntries(services.map(({ name }) => [name, ports[`metrics-${name}`]])) as MetricsPorts;
}

/** Starts a service as a process of its own, returns when it is ready, and keeps it running from then on. */
export async function runService(context: Context, name: ServiceName, assignment: Assignment): Promise<void> {
  const { say, signal, run } = context;
  const operationsUrl = `http://127.0.0.1:${assignment.metricsPort}`;
  await keepRunning({
    name,
    say,
    signal,
    start: () => startService(context, name, assignment),
    onStarted: ({ id }) => run.setService(name, { pid: id.pid, metricsUrl: `${operationsUrl}/metrics` }),
    untilReady: (service) => untilReady(context, name, { operationsUrl, gone: service.gone }),
  });
}

export function mainFileOf(projectRoot: string, name: ServiceName): string {
  return join(projectRoot, 'dist', 'apps', name, 'src', 'main.js');
}

async function startService(
  context: Context,
  name: ServiceName,
  assignment: Assignment,
): Promise<RunningProcess> {
  const { projectRoot, environment, started } = context;
  const options = given(environment)['POSTHORN_FAILPOINT'] === undefined ? [] : ['--conditions=failpoints'];
  const command = [process.execPath, ...options, mainFileOf(projectRoot, name)] as const;
  const service = await startProcess(command, {
    environment: serviceEnvironment(environment, assignment),
    logFile: logFileOf(context, name),
    directory: projectRoot,
  });
  started.add({ kind: 'process', name, process: service.id, signal: 'SIGTERM' });
  return service;
}

interface Starting {
  readonly operationsUrl: string;
  readonly gone: Promise<string>;
}

/** @throws an error with what the service said last, at its health check and in its log. */
async function untilReady(
  context: Context,
  name: ServiceName,
  { operationsUrl, gone }: Starting,
): Promise<void> {
  let health: Health = { isReady: false, answer: 'no answer' };
  const isReady = async (): Promise<boolean> => {
    health = await askHealth(`${operationsUrl}/health/ready`);
    return health.isReady;
  };
  try {
    await waitUntil(isReady, { failure: `${name} was not ready`, deadlineMs: readyDeadlineMs, gone });
  } catch (cause) {
    const log = logFileOf(context, name);
    const said = [
      (cause as Error).message,
      `/health/ready: ${health.answer}`,
      await tailOf(log),
      `(its log: ${log})`,
    ];
    throw new Error(said.filter(Boolean).join('\n'), { cause });
  }
}

interface Health {
  readonly isReady: boolean;
  readonly answer: string;
}

async function askHealth(url: string): Promise<Health> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    return { isReady: response.ok, answer: await response.text() };
  } catch {
    return { isReady: false, answer: 'no answer' };
  }
}

function logFileOf({ state }: Context, name: ServiceName): string {
  return join(state.logs, `${name}.log`);
}
