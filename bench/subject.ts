import { RunningPosthorn } from '#libs/testing';
import { destinationsPerTenant, pathOf, tenantIdOf, typeOf, typeOfAll } from './load/event-names.js';
import { originsOf } from './load/origins.js';

const callsAtOnce = 8;
/** So that one destination alone is no limit to what is measured. */
const maxConcurrency = 100;

/** A running Posthorn to be measured, with tenants and destinations as scenarios want them. */
export class Subject {
  readonly #registered = new Set<number>();

  private constructor(
    readonly name: string,
    readonly posthorn: RunningPosthorn,
  ) {}

  static async start(
    name: string,
    { root, environment }: { root?: string; environment?: Readonly<Record<string, string>> } = {},
  ): Promise<Subject> {
    return new Subject(name, await RunningPosthorn.start(`bench-${name}`, environment, root));
  }

  async register(destinations: number, sinkPort: number): Promise<void> {
    if (this.#registered.has(destinations)) return;
    this.#registered.add(destinations);
    const origins = originsOf(destinations, sinkPort);
    const tenants = Array.from(
      { length: Math.max(1, destinations / destinationsPerTenant) },
      (_, tenant) => tenant,
    );
    const rest = tenants.values();
    const work = async (): Promise<void> => {
      for (const tenant of rest) await this.#registerTenant(tenant, destinations, origins);
    };
    await Promise.all(Array.from({ length: callsAtOnce }, work));
  }

  /** Whether this build takes batches. */
  async takesBatches(): Promise<boolean> {
    const { status } = await this.posthorn.call('POST', `/tenants/${tenantIdOf(100, 0)}/events/batch`, []);
    return status !== 404 && status !== 405;
  }

  async #registerTenant(tenant: number, destinations: number, origins: readonly string[]): Promise<void> {
    const tenantId = tenantIdOf(destinations, tenant);
    await this.#must('PUT', `/tenants/${tenantId}`, { name: tenantId });
    for (let number = 0; number < Math.min(destinations, destinationsPerTenant); number++) {
      await this.#must('POST', `/tenants/${tenantId}/destinations`, {
        url: `${origins[tenant * destinationsPerTenant + number]}${pathOf(tenant, number)}`,
        eventTypes: [typeOf(number), typeOfAll],
        maxConcurrency,
      });
    }
  }

  async #must(method: string, path: string, body: object): Promise<void> {
    const answer = await this.posthorn.call(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}
