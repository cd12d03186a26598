import { pathOf } from './path-of.js';

/** Which paths there are, and which verbs each has: to tell a wrong verb from a wrong path. */
export class KnownRoutes {
  readonly #routes = new Map<string, { pattern: RegExp; verbs: Set<string> }>();

  /** `url` as the router knows it: `/v1/tenants/:tenantId`. */
  add(method: string | readonly string[], url: string): void {
    const route = this.#routes.get(url) ?? { pattern: patternOf(url), verbs: new Set() };
    for (const verb of typeof method === 'string' ? [method] : method) route.verbs.add(verb);
    this.#routes.set(url, route);
  }

  /** Of the path of this URL; none if there is no such path. */
  verbsOf(url: string): string[] {
    const path = pathOf(url);
    return (
      [...this.#routes.values()]
        .find(({ pattern }) => pattern.test(path))
        ?.verbs.values()
        .toArray() ?? []
    );
  }
}

function patternOf(url: string): RegExp {
  const parts = url
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[^\w-]/g, String.raw`\$&`)));
  return new RegExp(`^${parts.join('/')}/?$`);
}
