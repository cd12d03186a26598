import { join } from 'node:path';
import { execPath } from 'node:process';
import { type RunningProcess, startProcess, tailOf, waitUntil } from '#libs/servers';
import type { Context } from './context.js';
import { keepRunning } from './keep-running.js';
import { ownPorts } from './own-ports.js';
import type { ServiceProcess } from './scale.js';
import { apiUrl, type Assignment, given, serviceEnvironment } from './service-environment.js';
import type { ServiceName } from './services.js';

const readyDeadlineMs = 60_000;

export interface Ports {
  readonly metricsPort: number;
  /** Of a gateway that is not the first one. */
  readonly gatewayPort: number | undefined;
  /** Of all gateways but the first one. */
  readonly otherGatewayPorts: readonly number[];
}

/** Ports of their own for all processes, by name. */
export async function choosePorts(
  context: Context,
  processes: readonly ServiceProcess[],
): Promise<(process: ServiceProcess) => Ports> {
  const gateways = processes.filter(({ service, number }) => service === 'gateway' && number > 1);
  const ports = await ownPorts(context, [
    ...processes.map(({ name }) => `metrics-${name}`),
    ...gateways.map(({ name }) => name),
  ]);
  const otherGatewayPorts = gateways.flatMap(({ name }) => ports[name] ?? []);
  return ({ name }) => ({
    metricsPort: ports[`metrics-${name}`] ?? 0,
    gatewayPort: ports[name],
    otherGatewayPorts,
  });
}

/** Starts one process of a service, returns when it is ready, and keeps it running from then on. */
export async function runService(
  context: Context,
  process: ServiceProcess,
  assignment: Assignment,
): Promise<void> {
  const { say, signal, run, environment } = context;
  const { name, service: serviceName } = process;
  const operationsUrl = `http://127.0.0.1:${assignment.metricsPort}`;
  await keepRunning({
    name,
    say,
    signal,
    start: () => startService(context, process, assignment),
    onStarted: ({ id }) =>
      run.setService(process, {
        pid: id.pid,
        metricsUrl: `${operationsUrl}/metrics`,
        ...(serviceName === 'gateway' && { apiUrl: apiUrl(environment, assignment.gatewayPort) }),
      }),
    untilReady: (service) => untilReady(context, name, { operationsUrl, gone: service.gone }),
  });
}

export function mainFileOf(projectRoot: string, name: ServiceName): string {
  return join(projectRoot, 'dist', 'apps', name, 'src', 'main.js');
}

async function startService(
  context: Context,
  { service: serviceName, name }: ServiceProcess,
  assignment: Assignment,
): Promise<RunningProcess> {
  const { projectRoot, environment, started } = context;
  const options = given(environment)['POSTHORN_FAILPOINT'] === undefined ? [] : ['--conditions=failpoints'];
  const command = [execPath, ...options, mainFileOf(projectRoot, serviceName)] as const;
  const service = await startProcess(command, {
    environment: serviceEnvironment(serviceName, environment, assignment),
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
async function untilReady(context: Context, name: string, { operationsUrl, gone }: Starting): Promise<void> {
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

function logFileOf({ state }: Context, name: string): string {
  return join(state.logs, `${name}.log`);
}
