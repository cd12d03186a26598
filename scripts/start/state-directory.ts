import { join, resolve } from 'node:path';
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

/** `.posthorn` in the clone, or what `POSTHORN_STATE_DIR` names: each is a Posthorn of its own. */
export function stateDirectory(
  projectRoot: string,
  environment: Readonly<NodeJS.ProcessEnv>,
): StateDirectory {
  const root = resolve(projectRoot, given(environment)['POSTHORN_STATE_DIR'] ?? '.posthorn');
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
