import { RunningPosthorn } from '#libs/testing';
import { atOnce } from './load/at-once.js';
import { destinationsPerTenant, pathOf, tenantIdOf, typeOf, typeOfAll } from './load/event-names.js';
import { originsOf } from './load/origins.js';

const callsAtOnce = 8;
/** So that one destination alone is no limit to what is measured. */
const maxConcurrency = 100;

/** Few tenants have all destinations, and publish all events. */
const unlimited = {
  MAX_DESTINATIONS_PER_TENANT: '100000',
  PUBLISH_RATE_EVENTS_PER_TENANT: '0',
  PUBLISH_RATE_BYTES_PER_TENANT: '0',
};

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
    return new Subject(
      name,
      await RunningPosthorn.start(`bench-${name}`, { ...unlimited, ...environment }, root),
    );
  }

  get addresses(): { apiUrl: string; apiKey: string; amqpUrl: string } {
    const { apiUrl, apiKey, publisherAmqpUrl } = this.posthorn.run;
    return { apiUrl, apiKey, amqpUrl: publisherAmqpUrl };
  }

  async register(destinations: number, sinkPort: number): Promise<void> {
    if (this.#registered.has(destinations)) return;
    this.#registered.add(destinations);
    const origins = originsOf(destinations, sinkPort);
    const tenants = Array.from(
      { length: Math.max(1, destinations / destinationsPerTenant) },
      (_, tenant) => tenant,
    );
    await atOnce(callsAtOnce, tenants, (tenant) => this.#registerTenant(tenant, destinations, origins));
  }

  /** Whether this build takes batches. */
  async takesBatches(): Promise<boolean> {
    const { status } = await this.posthorn.call('POST', `/tenants/${tenantIdOf(100, 0)}/events/batch`, []);
    return status !== 404 && status !== 405;
  }

  async #registerTenant(tenant: number, destinations: number, origins: readonly string[]): Promise<void> {
    const tenantId = tenantIdOf(destinations, tenant);
    await this.must('PUT', `/tenants/${tenantId}`, { name: tenantId });
    for (let number = 0; number < Math.min(destinations, destinationsPerTenant); number++) {
      await this.must('POST', `/tenants/${tenantId}/destinations`, {
        url: `${origins[tenant * destinationsPerTenant + number]}${pathOf(tenant, number)}`,
        eventTypes: [typeOf(number), typeOfAll],
        maxConcurrency,
      });
    }
  }

  /** @throws an error that names the call and its answer if it is not a success. */
  async must<Body>(method: string, path: string, body?: object): Promise<Body> {
    const answer = await this.posthorn.call<Body>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}
