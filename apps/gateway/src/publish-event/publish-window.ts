import { Problem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';

/** What a gateway has published and RabbitMQ has not confirmed yet. */
interface Amount {
  messages: number;
  bytes: number;
}

interface Waiting {
  readonly bytes: number;
  readonly begin: () => void;
}

interface Tenant extends Amount {
  readonly waiting: Set<Waiting>;
}

/** Less than a publisher holds (`publishLimit`): what waits here delays no other publisher. */
const defaultLimit: Readonly<Amount> = { messages: 10_000, bytes: 16 * 1024 * 1024 };

/**
 * Shares the window of unconfirmed events between tenants: one tenant holds at most half of what the others leave free,
 * and what is over waits in its own queue. So another tenant's event has at most half of the window before it.
 */
@Injectable()
export class PublishWindow {
  readonly #tenants = new Map<string, Tenant>();
  readonly #total: Amount = { messages: 0, bytes: 0 };
  /** Those that have events waiting, in turn. */
  readonly #queue = new Set<Tenant>();

  /** For tests. */
  limit = defaultLimit;

  /**
   * Runs `publish` as soon as the tenant has room for so many bytes.
   * @throws Problem `unavailable` if it had none within `deadlineMs`; then nothing was published.
   */
  async run<Result>(
    tenantId: string,
    { bytes, deadlineMs }: { bytes: number; deadlineMs: number },
    publish: () => Promise<Result>,
  ): Promise<Result> {
    const tenant = this.#tenantOf(tenantId);
    if (tenant.waiting.size === 0 && this.#hasRoom(tenant, bytes)) this.#take(tenant, bytes);
    else await this.#wait(tenant, bytes, deadlineMs);
    try {
      return await publish();
    } finally {
      this.#release(tenantId, tenant, bytes);
    }
  }

  #tenantOf(tenantId: string): Tenant {
    let tenant = this.#tenants.get(tenantId);
    if (!tenant) this.#tenants.set(tenantId, (tenant = { messages: 0, bytes: 0, waiting: new Set() }));
    return tenant;
  }

  /** One event alone may be larger than the share. */
  #hasRoom(tenant: Tenant, bytes: number): boolean {
    if (tenant.messages === 0) return true;
    const { messages: maxMessages, bytes: maxBytes } = this.limit;
    const freeMessages = maxMessages - (this.#total.messages - tenant.messages);
    const freeBytes = maxBytes - (this.#total.bytes - tenant.bytes);
    return tenant.messages + 1 <= freeMessages / 2 && tenant.bytes + bytes <= freeBytes / 2;
  }

  #take(tenant: Tenant, bytes: number): void {
    for (const amount of [tenant, this.#total]) {
      amount.messages++;
      amount.bytes += bytes;
    }
  }

  #wait(tenant: Tenant, bytes: number, deadlineMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer);
        tenant.waiting.delete(waiting);
        this.#take(tenant, bytes);
        resolve();
      };
      const waiting: Waiting = { bytes, begin };
      const timer = setTimeout(() => {
        tenant.waiting.delete(waiting);
        reject(
          new Problem(
            'unavailable',
            'Too many events of this tenant wait for RabbitMQ. Publish fewer at once.',
          ),
        );
      }, deadlineMs);
      tenant.waiting.add(waiting);
      this.#queue.add(tenant);
    });
  }

  #release(tenantId: string, tenant: Tenant, bytes: number): void {
    for (const amount of [tenant, this.#total]) {
      amount.messages--;
      amount.bytes -= bytes;
    }
    for (const next of this.#queue) this.#beginNext(next);
    if (tenant.messages === 0 && tenant.waiting.size === 0) this.#tenants.delete(tenantId);
  }

  #beginNext(tenant: Tenant): void {
    for (const waiting of tenant.waiting) {
      if (!this.#hasRoom(tenant, waiting.bytes)) return;
      waiting.begin();
    }
    this.#queue.delete(tenant);
  }
}
