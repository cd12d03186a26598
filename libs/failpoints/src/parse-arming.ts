import { parseDuration } from '#libs/config';
import { type FailpointName, failpointNames } from './failpoint-names.js';

export interface Kill {
  readonly name: FailpointName;
  /** 0 to 1, at each passing; or else: */
  readonly probability?: number;
  /** The first passing when the process has been at work for at least so long: it takes a while to start. */
  readonly afterMs?: number;
}

export interface WrongClock {
  readonly service: string;
  /** How far the clock is ahead; behind, if it is below zero. */
  readonly aheadMs: number;
}

const clockSigns: Readonly<Record<string, number>> = { ahead: 1, behind: -1 };

/**
 * `router.after-publish:kill:0.01`, `router.after-publish:kill:5s`, `ledger:ahead:1d`, `ledger:behind:1h`.
 * @returns undefined for an empty text.
 * @throws for anything else, naming what there is: a test that arms nothing would prove nothing.
 */
export function parseArming(text: string): Kill | WrongClock | undefined {
  if (text.trim() === '') return undefined;
  const [name = '', action = '', argument = ''] = text.trim().split(':');
  const sign = clockSigns[action];
  return sign === undefined ? parseKill(name, action, argument) : parseClock(name, sign, argument);
}

function parseKill(name: string, action: string, when: string): Kill {
  if (!isName(name)) throw new Error(`No failpoint "${name}". There are: ${failpointNames.join(', ')}`);
  if (action !== 'kill')
    throw new Error(`A failpoint can kill, or a clock be ahead or behind, not "${action}"`);
  const afterMs = parseDuration(when);
  if (afterMs !== undefined) return { name, afterMs };
  const probability = Number(when);
  if (probability > 0 && probability <= 1) return { name, probability };
  throw new Error(`"${when}" is neither a probability nor a duration`);
}

function parseClock(service: string, sign: number, howFar: string): WrongClock {
  if (!failpointNames.some((name) => name.startsWith(`${service}.`)))
    throw new Error(`No service "${service}" has a failpoint`);
  const ms = parseDuration(howFar);
  if (ms === undefined) throw new Error(`"${howFar}" is not a duration`);
  return { service, aheadMs: sign * ms };
}

function isName(text: string): text is FailpointName {
  return failpointNames.includes(text as FailpointName);
}
