import findMyWay, { type HTTPMethod } from 'find-my-way';
import { pathOf } from './path-of.js';

/** Ids that callers choose themselves: an event may be called `batch`. Posthorn's own ids are never a word of a path. */
const chosenIds = new Set([':tenantId', ':eventId', ':name']);

/** As the server's own router has it: see `createHttpApp`. */
export const maxParamLength = 256;

/**
 * Which addresses there are, and which verbs each has. Addresses are read by the router that Fastify has, so that both
 * agree on case, slashes and percent-encoding.
 */
export class KnownRoutes {
  readonly #router = findMyWay({ maxParamLength });
  readonly #verbs = new Set<HTTPMethod>();
  readonly #urls = new Set<string>();
  readonly #rivals = new Map<string, boolean>();

  /** `url` as the router knows it: `/v1/tenants/:tenantId`. */
  add(method: string | readonly string[], url: string): void {
    for (const verb of [method].flat() as HTTPMethod[]) {
      this.#router.on(verb, url, () => undefined, { url });
      this.#verbs.add(verb);
    }
    this.#urls.add(url);
    this.#rivals.clear();
  }

  /** Of the path of this URL; none if there is no such path. `/v1/parked/redrive` is not the parked message `redrive`. */
  verbsOf(url: string): string[] {
    const path = pathOf(url);
    const found = [...this.#verbs].flatMap((verb) => {
      const match = this.#router.find(verb, path);
      return match && !hasEmptyId(match.params) ? [{ verb, pattern: (match.store as Stored).url }] : [];
    });
    const [exact = ''] = found
      .map(({ pattern }) => pattern)
      .toSorted((one, other) => parametersOf(one) - parametersOf(other));
    return found.filter(({ pattern }) => !isHidden(pattern, exact)).map(({ verb }) => verb);
  }

  /** Whether an address of this pattern can be the exact address of another route. */
  hasRival(pattern: string): boolean {
    let hasRival = this.#rivals.get(pattern);
    if (hasRival === undefined) {
      hasRival = [...this.#urls].some((url) => isHidden(pattern, url));
      this.#rivals.set(pattern, hasRival);
    }
    return hasRival;
  }

  /** The address that this URL with too many slashes may mean. @returns undefined if there is none. */
  withoutSlashes(url: string): string | undefined {
    const path = pathOf(url);
    const shorter = path.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
    return shorter !== path && this.verbsOf(shorter).length > 0 ? shorter : undefined;
  }
}

interface Stored {
  readonly url: string;
}

/** The router takes nothing for an id where an address ends with a slash. */
export function hasEmptyId(params: unknown): boolean {
  return Object.values(params ?? {}).includes('');
}

function parametersOf(pattern: string): number {
  return pattern.split('/').filter((part) => part.startsWith(':')).length;
}

/** Whether `exact` has a word where `pattern` has an id that is never that word. */
function isHidden(pattern: string, exact: string): boolean {
  const [parts, words] = [pattern.split('/'), exact.split('/')];
  if (parts.length !== words.length) return false;
  const isAlike = parts.every((part, index) => part === words[index] || part.startsWith(':'));
  const differing = parts.filter((part, index) => part !== words[index]);
  return isAlike && differing.length > 0 && !differing.some((part) => chosenIds.has(part));
}
