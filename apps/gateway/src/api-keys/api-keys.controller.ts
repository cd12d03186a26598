import {
  type Actor,
  ApiKey,
  ApiKeyFilter,
  create,
  CreateApiKey,
  CreatedApiKey,
  DeleteApiKey,
  ListApiKeys,
  NewApiKey,
  Problem,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { FromCaller } from '../http/caller-of-request.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { type List, Listing, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';
import { judgeNewKey } from './judge-new-key.js';
import { newKeyText } from './key-text.js';
import { Peppers } from './peppers.js';

@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
    private readonly peppers: Peppers,
  ) {}

  @Post()
  @Scope('admin')
  @Operation({
    id: 'createApiKey',
    summary: 'Make an API key',
    description:
      'With scopes, and bound to a tenant if wanted. A key with an end makes none that lives longer.',
    reply: CreatedApiKey,
    problems: ['not_found', 'limit_reached'],
  })
  async create(
    @Body(new JsonBodyPipe(NewApiKey)) input: NewApiKey,
    @FromCaller() actor: Actor,
  ): Promise<CreatedApiKey> {
    const faults = judgeNewKey(input, actor, Date.now());
    if (faults.length > 0) throw new Problem('validation_failed', 'The body is not as it must be.', faults);
    const { keyId, text, masked } = newKeyText();
    const stored = { ...this.peppers.hash(text), maskedKey: masked };
    const key = await this.client.ask(create(CreateApiKey, { keyId, input, actor, ...stored }));
    return { ...key, key: text };
  }

  @Get()
  @Scope('admin')
  @Operation({
    id: 'listApiKeys',
    summary: 'The API keys, newest first',
    reply: pageOf(ApiKey),
    query: ApiKeyFilter,
  })
  list(@Query() query: ListQuery): Promise<List<ApiKey>> {
    return this.listing.page({ list: 'api-keys', query, filter: ApiKeyFilter }, (page, filter) =>
      this.client.ask(create(ListApiKeys, { filter, page })),
    );
  }

  @Delete(':keyId')
  @HttpCode(204)
  @Scope('admin')
  @Operation({
    id: 'deleteApiKey',
    summary: 'Revoke an API key',
    description: 'Every gateway refuses it within five seconds.',
    problems: ['not_found'],
  })
  async delete(@Param('keyId') keyId: string, @FromCaller() actor: Actor): Promise<void> {
    await this.client.ask(create(DeleteApiKey, { keyId, actor }));
  }
}
