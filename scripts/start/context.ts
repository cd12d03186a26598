import type { Surroundings } from '#libs/servers';
import type { RunFile } from './run-file.js';
import type { Secrets } from './secrets.js';
import type { StartedThings } from './started.js';
import type { StateDirectory } from './state-directory.js';

/** What every step of a start works with. */
export interface Context {
  readonly projectRoot: string;
  readonly state: StateDirectory;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  readonly secrets: Secrets;
  readonly run: RunFile;
  readonly started: StartedThings;
  readonly surroundings: Surroundings;
  /** Tells the user. */
  readonly say: (line: string) => void;
  /** Aborted when Posthorn is to stop. */
  readonly signal: AbortSignal;
}
