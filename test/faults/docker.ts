import { execFileSync } from 'node:child_process';

/** @returns what it prints. */
export function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** For what may not be there. */
export function quietly(...args: readonly string[]): void {
  try {
    docker(...args);
  } catch {
    // It was not there.
  }
}
