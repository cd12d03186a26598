import { join } from 'node:path';

/** Where everything of one clone is kept between runs. `.posthorn/docker` is not ours: docker/engine.sh has it. */
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

export function stateDirectory(projectRoot: string): StateDirectory {
  const root = join(projectRoot, '.posthorn');
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
