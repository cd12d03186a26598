import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  chooseKind,
  images,
  type Kind,
  removeServerData,
  type Server,
  type Started,
  startPostgres,
  startRabbitMq,
  type Surroundings,
  writeFileAtomically,
} from '#libs/servers';
import type { Context } from './context.js';
import { keepRunning } from './keep-running.js';
import { ownPorts } from './own-ports.js';
import { type ServerName, serverNames } from './run-file.js';
import type { StateDirectory } from './state-directory.js';

export type OwnServers = { readonly [Name in ServerName]?: Server };

const portNames = ['amqp', 'management', 'prometheus', 'distribution', 'epmd', 'postgres'] as const;
const titles: Readonly<Record<ServerName, string>> = { rabbitmq: 'RabbitMQ', postgres: 'Postgres' };
const places: Readonly<Record<Kind, string>> = { docker: 'in Docker', native: 'as programs of this machine' };

/** Starts the wanted servers, where the data of an earlier run is or else in the best place, and keeps them running. */
export async function startOwnServers(context: Context, wanted: readonly ServerName[]): Promise<OwnServers> {
  if (wanted.length === 0) return {};
  const { environment, state, say } = context;
  const forced = environment['POSTHORN_INFRASTRUCTURE'];
  const earlier = earlierKind(state);
  const kind = await chooseKind({ forced, earlier, images: wanted.map((name) => images[name]) }, say);
  try {
    return await startAll(context, kind, wanted);
  } catch (error) {
    const mayUseAnother =
      kind === 'docker' && forced !== 'docker' && earlier === undefined && !context.signal.aborted;
    if (!mayUseAnother) throw error;
    say(`Docker is not used, its containers do not start: ${String(error)}`);
    await context.started.end();
    await forgetData(state);
    return startAll(context, 'native', wanted);
  }
}

/** Forgets what earlier runs have stored. The keys and ports stay: they are in people's shells and configurations. */
export async function forgetData(state: StateDirectory): Promise<void> {
  const kind = earlierKind(state) ?? 'native';
  for (const name of serverNames) await removeServerData(kind, { directory: join(state.data, name) });
  for (const place of [state.data, state.infrastructureFile]) rmSync(place, { recursive: true, force: true });
}

async function startAll(context: Context, kind: Kind, wanted: readonly ServerName[]): Promise<OwnServers> {
  context.say(`Starting ${wanted.map((name) => titles[name]).join(' and ')} ${places[kind]} …`);
  writeFileAtomically(context.state.infrastructureFile, `${JSON.stringify({ kind })}\n`);
  const starts = await startsOf(context, kind);
  const attempt = new AbortController();
  const signal = AbortSignal.any([context.signal, attempt.signal]);
  const results = await Promise.allSettled(
    wanted.map(async (name) => [name, await keep({ ...context, signal }, name, starts[name])] as const),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure !== undefined) {
    // The one that did start is not to be kept either.
    attempt.abort();
    throw failure.reason;
  }
  return Object.fromEntries(
    results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
  );
}

function keep(
  { run, say, signal }: Context,
  name: ServerName,
  start: () => Promise<Server>,
): Promise<Server> {
  const onStarted = (server: Server): void => run.setServer(name, server);
  return keepRunning({ name: titles[name], start, onStarted, say, signal });
}

async function startsOf(context: Context, kind: Kind): Promise<Record<ServerName, () => Promise<Server>>> {
  const { state, secrets } = context;
  const ports = await ownPorts(context, portNames);
  const settings = (name: ServerName, user: string, password: string) => ({
    directory: join(state.data, name),
    logFile: join(state.logs, `${name}.log`),
    user,
    password,
    ports,
  });
  const rabbitmq = settings('rabbitmq', 'posthorn', secrets.rabbitMqPassword);
  const postgres = settings('postgres', 'postgres', secrets.postgresPassword);
  return {
    rabbitmq: () => startRabbitMq(kind, rabbitmq, surroundingsOf(context, 'rabbitmq')),
    postgres: () => startPostgres(kind, postgres, surroundingsOf(context, 'postgres')),
  };
}

/** While a server starts again, whoever reads run.json must not meet the number of the dead process. */
function surroundingsOf({ surroundings, run }: Context, name: ServerName): Surroundings {
  const onStarted = (one: Started): void => {
    surroundings.onStarted?.(one);
    if (one.kind === 'process' && one.name === name)
      run.setServer(name, { kind: 'native', pid: one.process.pid });
  };
  return { ...surroundings, onStarted };
}

function earlierKind({ infrastructureFile }: StateDirectory): Kind | undefined {
  try {
    return (JSON.parse(readFileSync(infrastructureFile, 'utf8')) as { kind: Kind }).kind;
  } catch {
    return undefined;
  }
}
