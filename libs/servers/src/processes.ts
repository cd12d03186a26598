import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ProcessId } from './server.js';

export const run = promisify(execFile);

const pollMs = 50;

export interface ProcessOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly directory?: string;
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface RunningProcess {
  readonly id: ProcessId;
  /** Settles with how it ended: `exit code 1`, `SIGKILL`. */
  readonly gone: Promise<string>;
}

/**
 * Starts a program that writes to a log file. It is the first of a process group of its own, so that Ctrl-C at the
 * terminal reaches only us and we decide what ends first.
 */
export async function startProcess(
  [command, ...args]: readonly [string, ...string[]],
  options: ProcessOptions,
): Promise<RunningProcess> {
  const log = openSync(options.logFile, 'a');
  try {
    const child = spawn(command, args, {
      env: options.environment,
      ...(options.directory !== undefined && { cwd: options.directory }),
      ...options.account,
      detached: true,
      stdio: ['ignore', log, log],
    });
    const gone = new Promise<string>((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    const pid = child.pid ?? 0;
    return { id: { pid, bornAt: (await bornAt(pid)) ?? 'unknown' }, gone };
  } finally {
    closeSync(log);
  }
}

export async function processIdOf(pid: number): Promise<ProcessId | undefined> {
  const born = await bornAt(pid);
  return born === undefined ? undefined : { pid, bornAt: born };
}

export async function isRunning({ pid, bornAt: expected }: ProcessId): Promise<boolean> {
  return (await bornAt(pid)) === expected;
}

/** Asks a process to end, waits, and ends what remains of it and its group. */
export async function endProcess(id: ProcessId, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (await ended(id, 0)) return;
  send(id.pid, signal);
  if (await ended(id, graceMs)) return;
  send(-id.pid, 'SIGKILL');
  send(id.pid, 'SIGKILL');
  await ended(id, 10_000);
}

async function ended(id: ProcessId, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (await isRunning(id)) {
    if (Date.now() >= deadline) return false;
    await sleep(pollMs);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime, which is what we want.
  }
}

/** The command line of a running process; empty if there is none. */
export async function commandLineOf(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux')
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return (await run('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}

/** A zombie has ended: where nobody collects orphans (a container without an init) it would stay for ever. */
async function bornAt(pid: number): Promise<string | undefined> {
  try {
    if (process.platform !== 'linux') {
      const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
      return stdout.trim().startsWith('Z') ? undefined : stdout.trim().replace(/^\S+\s+/, '');
    }
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name before the last `)` may hold anything; the state comes next, the start time 19 fields after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
