import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StartArguments } from './arguments.js';
import { stateDirectory } from './state-directory.js';
import { stopSignal } from './stop-signal.js';

/** What the supervisor in the background tells the command in the foreground. */
export type Report = { readonly said: string } | { readonly ready: true };

/** Starts the supervisor in the background, passes on what it says, and returns when all is ready or it has given up. */
export function startDetached(
  projectRoot: string,
  { clean }: StartArguments,
  say: (line: string) => void,
): Promise<boolean> {
  const { logs } = stateDirectory(projectRoot, process.env);
  mkdirSync(logs, { recursive: true });
  const log = openSync(join(logs, 'supervisor.log'), 'w');
  const main = fileURLToPath(new URL('detached.js', import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, main, ...(clean ? ['--clean'] : [])], {
    cwd: projectRoot,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  stopSignal().addEventListener('abort', () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.on('message', (report: Report) => ('said' in report ? say(report.said) : resolve(true)));
    child.once('exit', () => resolve(false));
  });
}
