import { type AuditTables, readAudit } from '#libs/audit';
import { ListRegistryAudit, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Database } from '#libs/persistence';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';

@Controller()
export class ReadAuditHandler {
  constructor(private readonly database: Database<AuditTables>) {}

  @OnRequest(ListRegistryAudit)
  list(@Payload() { filter, page }: ListRegistryAudit): Promise<ReplyOf<ListRegistryAudit>> {
    return this.database.run((db) => readAudit(db, filter, page));
  }
}
