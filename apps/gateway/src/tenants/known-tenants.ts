import { create, GetTenant, isProblem, Problem, publicTenantId, tenantIdSyntax } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** A caller waits for it before anything else of its request begins. */
const answerTimeoutMs = 2500;
const maxKept = 200_000;
const freshMs = 60_000;

interface Known {
  readonly reference: string;
  readonly atMs: number;
}

interface Request {
  readonly reference: Promise<string | undefined>;
}

/**
 * The reference of each tenant by its public id, requested from the registry once and then remembered: publishing must
 * not wait for it. While the registry is away what is remembered goes on to hold. Only tenants that exist are
 * remembered: one may be made at any moment.
 */
@Injectable()
export class KnownTenants {
  readonly #known = new LRUCache<string, Known>({ max: maxKept });
  readonly #requests = new Map<string, Request>();

  constructor(private readonly client: AmqpClient) {}

  /**
   * @returns the reference of the tenant; undefined if there is none.
   * @throws Problem `unavailable` if the tenant is not remembered and the registry is away.
   */
  async find(tenantId: string): Promise<string | undefined> {
    if (!tenantIdSyntax.test(tenantId)) return undefined;
    const known = this.#known.get(tenantId);
    if (known === undefined) return this.#request(tenantId);
    if (Date.now() - known.atMs > freshMs) void this.#request(tenantId).catch(() => undefined);
    return known.reference;
  }

  /** @throws Problem `not_found`, or `unavailable` as `find` does. */
  async mustFind(tenantId: string): Promise<string> {
    const reference = await this.find(tenantId);
    if (reference === undefined) throw new Problem('not_found', 'There is no such tenant.');
    return reference;
  }

  /** What the registry answered to a creation. */
  learn(reference: string): void {
    const tenantId = publicTenantId(reference);
    this.forget(tenantId);
    this.#known.set(tenantId, { reference, atMs: Date.now() });
  }

  /** Also an answer that is on its way: it may be older than the change. */
  forget(tenantId: string): void {
    this.#known.delete(tenantId);
    this.#requests.delete(tenantId);
  }

  /** Many events of one new tenant at once make one request. */
  #request(tenantId: string): Promise<string | undefined> {
    const pending = this.#requests.get(tenantId);
    if (pending) return pending.reference;
    const request = { reference: this.#referenceOf(tenantId) };
    this.#requests.set(tenantId, request);
    const settle = (change: () => void): void => {
      if (this.#requests.get(tenantId) !== request) return;
      this.#requests.delete(tenantId);
      change();
    };
    request.reference.then(
      (reference) =>
        settle(() => {
          if (reference === undefined) this.#known.delete(tenantId);
          else this.#known.set(tenantId, { reference, atMs: Date.now() });
        }),
      () => settle(() => undefined),
    );
    return request.reference;
  }

  async #referenceOf(tenantId: string): Promise<string | undefined> {
    try {
      return (await this.client.ask(create(GetTenant, { tenantId }), answerTimeoutMs)).reference;
    } catch (error) {
      if (isProblem(error) && error.code === 'not_found') return undefined;
      throw error;
    }
  }
}
