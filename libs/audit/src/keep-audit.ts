import { Log } from '#libs/observability';
import { Database, Upkeep } from '#libs/persistence';
import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditConfig } from './audit.config.js';
import type { AuditTables } from './audit-table.js';
import { dropExpiredAudit } from './read-audit.js';

/** Removes audit records that are past their retention, every hour. */
@Injectable()
export class KeepAudit implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #upkeep: Upkeep;

  constructor(
    private readonly database: Database<AuditTables>,
    private readonly config: AuditConfig,
    private readonly log: Log,
  ) {
    this.#upkeep = new Upkeep({
      work: () => this.pass(),
      onTrouble: (error, retryInMs) => log.warn('audit.not-expired', { reason: String(error), retryInMs }),
    });
  }

  onApplicationBootstrap(): void {
    void this.#upkeep.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#upkeep.stop();
  }

  async pass(): Promise<void> {
    const records = await this.database.run((db) => dropExpiredAudit(db, this.config.AUDIT_RETENTION));
    if (records > 0) this.log.info('audit.expired', { records });
  }
}
