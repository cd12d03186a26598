import {
  CreateApiKey,
  DeleteApiKey,
  ListApiKeys,
  Problem,
  ReadApiKeyChanges,
  RecordKeyUses,
  type ReplyOf,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Announcer } from '../destinations/announcer.js';
import { ApiKeysRepository } from './api-keys.repository.js';

@Controller()
export class ManageApiKeysHandler {
  constructor(
    private readonly keys: ApiKeysRepository,
    private readonly announcer: Announcer,
    private readonly log: Log,
  ) {}

  @OnRequest(CreateApiKey)
  async create(@Payload() request: CreateApiKey): Promise<ReplyOf<CreateApiKey>> {
    const { keyId, input, hash, pepperId, maskedKey, actor } = request;
    const { name = null, scopes, tenantId = null, expiresAt = null } = input;
    const values = {
      id: keyId,
      name,
      masked_key: maskedKey,
      hash,
      pepper_id: pepperId,
      scopes,
      expires_at: expiresAt === null ? null : new Date(expiresAt),
    };
    const key = await this.keys.insert(values, tenantId, actor);
    if (key === 'tenant is not there') throw new Problem('not_found', 'There is no such tenant.');
    if (key === 'too many')
      throw new Problem(
        'limit_reached',
        'There are as many API keys as there may be. Delete those that nobody needs.',
      );
    this.announcer.nudge();
    this.log.info('api-key.created', { keyId, tenantId, scopes, expiresAt, by: actor?.keyId });
    return key;
  }

  @OnRequest(ListApiKeys)
  list(@Payload() { filter, page }: ListApiKeys): Promise<ReplyOf<ListApiKeys>> {
    return this.keys.list(filter, page);
  }

  @OnRequest(DeleteApiKey)
  async delete(@Payload() { keyId, actor }: DeleteApiKey): Promise<ReplyOf<DeleteApiKey>> {
    if (!(await this.keys.revoke(keyId, actor))) throw new Problem('not_found', 'There is no such API key.');
    this.announcer.nudge();
    this.log.info('api-key.revoked', { keyId, by: actor?.keyId });
    return null;
  }

  @OnRequest(RecordKeyUses)
  async recordUses(@Payload() { uses }: RecordKeyUses): Promise<ReplyOf<RecordKeyUses>> {
    await this.keys.recordUses(uses);
    return null;
  }

  @OnRequest(ReadApiKeyChanges)
  changes(@Payload() { after, limit }: ReadApiKeyChanges): Promise<ReplyOf<ReadApiKeyChanges>> {
    return this.keys.changesAfter(after, limit);
  }
}
