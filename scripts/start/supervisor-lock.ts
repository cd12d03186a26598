import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRunning, type ProcessId, processIdOf } from '#libs/servers';

/** One supervisor for each clone. The lock of one that has died is no lock. */
export async function takeLock(file: string): Promise<boolean> {
  if ((await runningSupervisor(file)) !== undefined) return false;
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  try {
    writeFileSync(file, JSON.stringify(await processIdOf(process.pid)), { flag: 'wx' });
    return true;
  } catch {
    // Another one was quicker.
    return false;
  }
}

export function releaseLock(file: string): void {
  rmSync(file, { force: true });
}

export async function runningSupervisor(file: string): Promise<ProcessId | undefined> {
  try {
    const id = JSON.parse(readFileSync(file, 'utf8')) as ProcessId;
    return (await isRunning(id)) ? id : undefined;
  } catch {
    return undefined;
  }
}
