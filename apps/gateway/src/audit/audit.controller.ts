import { AuditFilter, AuditRecord, create, ListLedgerAudit, ListRegistryAudit } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Controller, Get, Query } from '@nestjs/common';
import { type List, Listing, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';
import { mergePages } from './merge-pages.js';

@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
  ) {}

  @Get()
  @Scope('admin')
  @Operation({
    id: 'listAudit',
    summary: 'Changes and revealed secrets, newest first',
    description: 'Each service that owns data records its changes. This list merges their records.',
    reply: pageOf(AuditRecord),
    query: AuditFilter,
  })
  list(@Query() query: ListQuery): Promise<List<AuditRecord>> {
    return this.listing.page({ list: 'audit', query, filter: AuditFilter }, async (page, filter) => {
      const owners = [create(ListRegistryAudit, { filter, page }), create(ListLedgerAudit, { filter, page })];
      return mergePages(await Promise.all(owners.map((request) => this.client.ask(request))), page);
    });
  }
}
