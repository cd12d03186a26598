import {
  type ApiKey,
  ApiKeyFilter,
  create,
  CreateApiKey,
  DeleteApiKey,
  ListApiKeys,
  NewApiKey,
  Problem,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { type List, Listing, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { newKeyText } from './key-text.js';
import { Peppers } from './peppers.js';

@Controller('v1/api-keys')
export class ApiKeysController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
    private readonly peppers: Peppers,
  ) {}

  /** The key is in this answer and nowhere else: what is kept is a hash of it. */
  @Post()
  @Scope('admin')
  async create(@Body(new JsonBodyPipe(NewApiKey)) input: NewApiKey): Promise<ApiKey & { key: string }> {
    const { expiresAt } = input;
    if (typeof expiresAt === 'string' && !(Date.parse(expiresAt) > Date.now()))
      throw new Problem('validation_failed', 'The body is not as it must be.', [
        { path: 'expiresAt', message: 'expiresAt must be a time to come' },
      ]);
    const { keyId, text, masked } = newKeyText();
    const stored = { ...this.peppers.hash(text), maskedKey: masked };
    const key = await this.client.ask(create(CreateApiKey, { keyId, input, ...stored }));
    return { ...key, key: text };
  }

  @Get()
  @Scope('admin')
  list(@Query() query: ListQuery): Promise<List<ApiKey>> {
    return this.listing.page({ list: 'api-keys', query, filter: ApiKeyFilter }, (page, filter) =>
      this.client.ask(create(ListApiKeys, { filter, page })),
    );
  }

  /** From the answer on the registry knows it for revoked, and every gateway within five seconds. */
  @Delete(':keyId')
  @HttpCode(204)
  @Scope('admin')
  async delete(@Param('keyId') keyId: string): Promise<void> {
    await this.client.ask(create(DeleteApiKey, { keyId }));
  }
}
