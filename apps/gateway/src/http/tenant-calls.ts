import { Problem } from '#libs/contracts';
import { Injectable } from '@nestjs/common';

/** Calls that one tenant has under way at once in one gateway process, beside those that publish or test. */
const atOnce = 2;
const maxWaiting = 200;
const deadlineMs = 10_000;
/** What answers to one tenant may take for longer. */
const bytesPerMs = (2 * 1024 * 1024) / 1000;
/** After a pause so many milliseconds' worth of bytes is answered at full speed. */
const burstMs = 500;

interface Tenant {
  running: number;
  readonly waiting: Set<() => void>;
  /** When the bytes answered so far are paid for, in milliseconds of `performance.now()`. */
  paidAtMs: number;
  timer?: NodeJS.Timeout | undefined;
}

/**
 * Shares the services behind the gateway between tenants: calls of one tenant wait for each other, in order, and after
 * large answers for as long as their bytes take at 2 MiB/s. So a tenant that calls without pause delays the calls of
 * another one by no more than a few of its own.
 */
@Injectable()
export class TenantCalls {
  readonly #tenants = new Map<string, Tenant>();

  /**
   * Resolves when the call may go on.
   * @returns what has to be called with the size of the answer when the call is over; a second time it does nothing.
   * @throws Problem `rate_limited` if too many calls wait, or if this one had to wait for 10 s.
   */
  begin(tenantId: string): Promise<(bytes: number) => void> {
    const tenant = this.#tenantOf(tenantId);
    if (tenant.waiting.size >= maxWaiting) throw tooMany();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        tenant.waiting.delete(start);
        reject(tooMany());
      }, deadlineMs);
      const start = (): void => {
        clearTimeout(timer);
        resolve(this.#endOf(tenantId, tenant));
      };
      tenant.waiting.add(start);
      this.#settle(tenantId, tenant);
    });
  }

  #tenantOf(tenantId: string): Tenant {
    const known = this.#tenants.get(tenantId);
    if (known) return known;
    const tenant = { running: 0, waiting: new Set<() => void>(), paidAtMs: 0 };
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }

  #endOf(tenantId: string, tenant: Tenant): (bytes: number) => void {
    let isOver = false;
    return (bytes) => {
      if (isOver) return;
      isOver = true;
      tenant.running--;
      tenant.paidAtMs = Math.max(tenant.paidAtMs, performance.now()) + bytes / bytesPerMs;
      this.#settle(tenantId, tenant);
    };
  }

  /** Begins what may begin, looks again when bytes are paid for, and forgets a tenant that has nothing left. */
  #settle(tenantId: string, tenant: Tenant): void {
    clearTimeout(tenant.timer);
    const owedMs = tenant.paidAtMs - performance.now();
    const mustWait = owedMs > burstMs;
    for (const start of tenant.waiting) {
      if (mustWait || tenant.running >= atOnce) break;
      tenant.waiting.delete(start);
      tenant.running++;
      start();
    }
    if (owedMs > 0) {
      const lookAgainMs = mustWait ? owedMs - burstMs : owedMs;
      tenant.timer = setTimeout(() => this.#settle(tenantId, tenant), lookAgainMs).unref();
    } else if (tenant.running === 0 && tenant.waiting.size === 0) this.#tenants.delete(tenantId);
  }
}

function tooMany(): Problem {
  return new Problem(
    'rate_limited',
    'Too many calls for this tenant wait for each other. Make fewer at once.',
  );
}
