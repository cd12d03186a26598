import { type AuditTables, readAudit } from '#libs/audit';
import { ListLedgerAudit, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Database } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

@Controller()
export class ReadAuditHandler {
  constructor(private readonly database: Database<AuditTables>) {}

  @OnRequest(ListLedgerAudit)
  list(@Payload() { filter, page }: ListLedgerAudit): Promise<ReplyOf<ListLedgerAudit>> {
    return this.database.run((db) => readAudit(db, filter, page));
  }
}
