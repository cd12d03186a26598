import { create, GetTenant, isProblem, Problem, tenantIdSyntax } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const maxKept = 200_000;
const freshMs = 60_000;

/**
 * Which tenants there are, asked of the registry once and then remembered: publishing must not wait for it. While the
 * registry is away what is remembered goes on to hold. Only yes is remembered: a tenant may be made at any moment.
 */
@Injectable()
export class KnownTenants {
  readonly #askedAtMs = new LRUCache<string, number>({ max: maxKept });
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(private readonly client: AmqpClient) {}

  /** @throws Problem `unavailable` if the tenant is not remembered and the registry is away. */
  async has(tenantId: string): Promise<boolean> {
    if (!tenantIdSyntax.test(tenantId)) return false;
    const askedAtMs = this.#askedAtMs.get(tenantId);
    if (askedAtMs === undefined) return this.#ask(tenantId);
    if (Date.now() - askedAtMs > freshMs) void this.#ask(tenantId).catch(() => undefined);
    return true;
  }

  /** @throws Problem `not_found`, or `unavailable` as `has` does. */
  async mustExist(tenantId: string): Promise<void> {
    if (!(await this.has(tenantId))) throw new Problem('not_found', 'There is no such tenant.');
  }

  forget(tenantId: string): void {
    this.#askedAtMs.delete(tenantId);
  }

  /** Many events of one new tenant at once ask once. */
  #ask(tenantId: string): Promise<boolean> {
    let asking = this.#asking.get(tenantId);
    if (!asking) {
      asking = this.#exists(tenantId).finally(() => this.#asking.delete(tenantId));
      this.#asking.set(tenantId, asking);
    }
    return asking;
  }

  async #exists(tenantId: string): Promise<boolean> {
    try {
      await this.client.ask(create(GetTenant, { tenantId }));
      this.#askedAtMs.set(tenantId, Date.now());
      return true;
    } catch (error) {
      if (!isProblem(error) || error.code !== 'not_found') throw error;
      this.#askedAtMs.delete(tenantId);
      return false;
    }
  }
}
