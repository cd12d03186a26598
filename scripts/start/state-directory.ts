import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { given } from './service-environment.js';

/** Where everything of one Posthorn is kept between runs. `.posthorn/docker` is not ours: docker/engine.sh has it. */
export interface StateDirectory {
  readonly root: string;
  readonly data: string;
  readonly logs: string;
  readonly runFile: string;
  readonly portsFile: string;
  readonly secretsFile: string;
  /** Which kind of infrastructure holds the data. */
  readonly infrastructureFile: string;
  readonly supervisorFile: string;
  /** Everything that was started, so that it can be ended without its supervisor. */
  readonly startedFile: string;
}

const defaultName = '.posthorn';

/** `.posthorn` in the clone, or what `POSTHORN_STATE_DIR` names: each is a Posthorn of its own. */
export function stateDirectory(
  projectRoot: string,
  environment: Readonly<NodeJS.ProcessEnv>,
): StateDirectory {
  const root = resolve(projectRoot, given(environment)['POSTHORN_STATE_DIR'] ?? defaultName);
  return {
    root,
    data: join(root, 'data'),
    logs: join(root, 'logs'),
    runFile: join(root, 'run.json'),
    portsFile: join(root, 'ports.json'),
    secretsFile: join(root, 'secrets.json'),
    infrastructureFile: join(root, 'infrastructure.json'),
    supervisorFile: join(root, 'supervisor.json'),
    startedFile: join(root, 'started.json'),
  };
}

/** What is made from here on, by this process and its children, is for its own user only: logs, data, segments of queues. */
export const privateUmask = 0o077;
const privateMode = 0o700;
/** Of a folder such as /tmp, which belongs to everybody. */
const stickyBit = 0o1000;

/** Makes the directory, or takes the rights of others to it, also where an earlier version has made it. */
export function makePrivate({ root, data, logs, secretsFile }: StateDirectory): void {
  for (const directory of [root, data, logs]) mkdirSync(directory, { recursive: true, mode: privateMode });
  for (const directory of [data, logs]) chmodSync(directory, privateMode);
  // A folder that the user names and that has other things in it stays as it is.
  const isOurs =
    basename(root) === defaultName ||
    existsSync(secretsFile) ||
    readdirSync(root).every((name) => ['data', 'logs'].includes(name));
  if (isOurs && (statSync(root).mode & stickyBit) === 0) chmodSync(root, privateMode);
}
