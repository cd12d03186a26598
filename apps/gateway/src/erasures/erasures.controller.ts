import { create, Erasure, ErasureFilter, GetErasure, ListErasures } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { type List, Listing, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';

/** What is, and was, removed of deleted tenants. */
@Controller('v1/erasures')
export class ErasuresController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
  ) {}

  @Get()
  @Scope('admin')
  @Operation({
    id: 'listErasures',
    summary: 'The erasures of deleted tenants, newest first',
    reply: pageOf(Erasure),
    query: ErasureFilter,
  })
  list(@Query() query: ListQuery): Promise<List<Erasure>> {
    return this.listing.page({ list: 'erasures', query, filter: ErasureFilter }, (page, filter) =>
      this.client.ask(create(ListErasures, { filter, page })),
    );
  }

  @Get(':erasureId')
  @Scope('admin')
  @Operation({
    id: 'getErasure',
    summary: 'The progress of an erasure, and its receipt',
    reply: Erasure,
    problems: ['not_found'],
  })
  get(@Param('erasureId') erasureId: string): Promise<Erasure> {
    return this.client.ask(create(GetErasure, { erasureId }));
  }
}
