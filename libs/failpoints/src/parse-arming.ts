import { parseDuration } from '#libs/config';
import { type FailpointName, failpointNames } from './failpoint-names.js';

export interface Arming {
  readonly name: FailpointName;
  /** 0 to 1, at each passing; or else: */
  readonly probability?: number;
  /** The first passing when the process is at least this old. */
  readonly afterMs?: number;
}

/**
 * `router.after-publish:kill:0.01` or `router.after-publish:kill:5s`.
 * @returns undefined for an empty text.
 * @throws for anything else, naming what there is: a test that arms nothing would prove nothing.
 */
export function parseArming(text: string): Arming | undefined {
  if (text.trim() === '') return undefined;
  const [name = '', action, when = ''] = text.trim().split(':');
  if (!isName(name)) throw new Error(`No failpoint "${name}". There are: ${failpointNames.join(', ')}`);
  if (action !== 'kill') throw new Error(`A failpoint can kill, not "${action}"`);
  return { name, ...parseWhen(when) };
}

function parseWhen(when: string): Pick<Arming, 'probability' | 'afterMs'> {
  const afterMs = parseDuration(when);
  if (afterMs !== undefined) return { afterMs };
  const probability = Number(when);
  if (probability > 0 && probability <= 1) return { probability };
  throw new Error(`"${when}" is neither a probability nor a duration`);
}

function isName(text: string): text is FailpointName {
  return failpointNames.includes(text as FailpointName);
}
