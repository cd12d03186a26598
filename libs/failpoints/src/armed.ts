import { readFileSync, writeSync } from 'node:fs';
import { loadConfig } from '#libs/config';
import { IsOptional, IsString } from 'class-validator';
import type { FailpointName } from './failpoint-names.js';
import { type Arming, parseArming } from './parse-arming.js';

class FailpointConfig {
  /** `router.after-publish:kill:0.01`, or `@` and a file that holds the like and may change at any time. */
  @IsOptional() @IsString() readonly POSTHORN_FAILPOINT: string = '';
}

const rereadMs = 50;
const bornAtMs = Date.now();
const setting = loadConfig(FailpointConfig).POSTHORN_FAILPOINT;
let arming: Arming | undefined;
rearm();
if (setting.startsWith('@')) setInterval(rearm, rereadMs).unref();

/** Kills the process at once, as a power cut would, if this point is armed and its time has come. */
export function failpoint(name: FailpointName): void {
  if (arming?.name !== name) return;
  const { probability, afterMs } = arming;
  if (probability === undefined ? Date.now() - bornAtMs < (afterMs ?? 0) : Math.random() >= probability)
    return;
  writeSync(2, `{"message":"failpoint","name":"${name}"}\n`);
  process.kill(process.pid, 'SIGKILL');
}

function rearm(): void {
  arming = parseArming(setting.startsWith('@') ? contentOf(setting.slice(1)) : setting);
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
