import {
  GetDestinationSecret,
  GetLetterbox,
  Problem,
  type ReplyOf,
  RotateDestinationSecret,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Vault } from '../confidential/vault.js';
import { Announcer } from '../destinations/announcer.js';
import { DestinationsRepository } from '../destinations/destinations.repository.js';
import type { DestinationRow } from '../registry.tables.js';
import { newSecret } from './new-secret.js';

@Controller()
export class DestinationSecretsHandler {
  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly announcer: Announcer,
    private readonly vault: Vault,
  ) {}

  @OnRequest(GetLetterbox)
  letterbox(): ReplyOf<GetLetterbox> {
    return { address: this.vault.address };
  }

  @OnRequest(GetDestinationSecret)
  async tell(@Payload() request: GetDestinationSecret): Promise<ReplyOf<GetDestinationSecret>> {
    const { tenantId, destinationId, actor } = request;
    const action = 'destination.secret-revealed';
    const found = await this.destinations.use(tenantId, destinationId, { actor, action });
    if (!found) throw new Problem('not_found', 'There is no such destination.');
    return { sealed: this.vault.tellSecrets(found.row, found.now, request.replyAddress) };
  }

  /** Asked twice under one id, it rotates once and answers alike. */
  @OnRequest(RotateDestinationSecret)
  async rotate(@Payload() request: RotateDestinationSecret): Promise<ReplyOf<RotateDestinationSecret>> {
    const { tenantId, destinationId, rotationId, overlapSeconds, actor } = request;
    const { secret } = this.vault.read(request.sealed);
    const decide = (row: DestinationRow, now: Date): Partial<DestinationRow> | undefined => {
      if (row.rotation_id === rotationId) return undefined;
      const sealed = this.vault.signingSecret(destinationId, row.signing, secret);
      return {
        ...newSecret(row, { sealed, overlapMs: overlapSeconds * 1000, now }),
        rotation_id: rotationId,
      };
    };
    const by = { actor, action: 'destination.secret-rotated' };
    const rotated = await this.destinations.update(tenantId, destinationId, decide, by);
    if (!rotated) throw new Problem('not_found', 'There is no such destination.');
    await this.announcer.announce([rotated.change]);
    return { sealed: this.vault.tellSecrets(rotated.row, rotated.now, request.replyAddress) };
  }
}
