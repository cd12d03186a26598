import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StartArguments } from './arguments.js';
import { makePrivate, privateUmask, stateDirectory } from './state-directory.js';
import { stopSignal } from './stop-signal.js';

/** What the supervisor in the background tells the command in the foreground. */
export type Report = { readonly said: string } | { readonly ready: true };

/** Starts the supervisor in the background, passes on what it says, and returns when all is ready or it has given up. */
export function startDetached(
  projectRoot: string,
  { clean }: StartArguments,
  say: (line: string) => void,
): Promise<boolean> {
  process.umask(privateUmask);
  const state = stateDirectory(projectRoot, process.env);
  makePrivate(state);
  const log = openSync(join(state.logs, 'supervisor.log'), 'w', 0o600);
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
