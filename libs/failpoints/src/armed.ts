import { readFileSync, writeSync } from 'node:fs';
import { loadConfig } from '#libs/config';
import { IsOptional, IsString } from 'class-validator';
import type { FailpointName } from './failpoint-names.js';
import { type Kill, parseArming, type WrongClock } from './parse-arming.js';
import { setClock } from './wrong-clock.js';

class FailpointConfig {
  /** `router.after-publish:kill:0.01`, or `@` and a file that holds the like and may change at any time. */
  @IsOptional() @IsString() readonly POSTHORN_FAILPOINT: string = '';
}

const rereadMs = 50;
const setting = loadConfig(FailpointConfig).POSTHORN_FAILPOINT;
let atWorkSinceMs: number | undefined;
let kill: Kill | undefined;
let clock: WrongClock | undefined;
rearm();
if (setting.startsWith('@')) setInterval(rearm, rereadMs).unref();

/**
 * Kills the process at once, as a power cut would, if this point is armed and its time has come; or sets its clock
 * wrong, if that of this service is to be.
 */
export function failpoint(name: FailpointName): void {
  atWorkSinceMs ??= performance.now();
  setClock(clock && name.startsWith(`${clock.service}.`) ? clock.aheadMs : 0);
  if (kill?.name !== name || !isTime(kill)) return;
  writeSync(2, `{"message":"failpoint","name":"${name}"}\n`);
  process.kill(process.pid, 'SIGKILL');
}

function isTime({ probability, afterMs }: Kill): boolean {
  if (probability !== undefined) return Math.random() < probability;
  return performance.now() - (atWorkSinceMs ?? 0) >= (afterMs ?? 0);
}

function rearm(): void {
  const arming = parseArming(setting.startsWith('@') ? contentOf(setting.slice(1)) : setting);
  kill = arming && 'name' in arming ? arming : undefined;
  clock = arming && 'service' in arming ? arming : undefined;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
