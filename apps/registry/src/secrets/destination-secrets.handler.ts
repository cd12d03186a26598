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
    const found = await this.destinations.findNow(request.tenantId, request.destinationId);
    if (!found) throw new Problem('not_found', 'There is no such destination.');
    return { sealed: this.vault.tellSecrets(found.row, found.now, request.replyAddress) };
  }

  /** Asked twice under one id, it rotates once and answers alike. */
  @OnRequest(RotateDestinationSecret)
  async rotate(@Payload() request: RotateDestinationSecret): Promise<ReplyOf<RotateDestinationSecret>> {
    const { tenantId, destinationId, rotationId, overlapSeconds } = request;
    const { secret } = this.vault.read(request.sealed);
    const rotated = await this.destinations.update(tenantId, destinationId, (row, now) => {
      if (row.rotation_id === rotationId) return undefined;
      const sealed = this.vault.signingSecret(destinationId, row.signing, secret);
      return {
        ...newSecret(row, { sealed, overlapMs: overlapSeconds * 1000, now }),
        rotation_id: rotationId,
      };
    });
    if (!rotated) throw new Problem('not_found', 'There is no such destination.');
    await this.announcer.announce([rotated.change]);
    return { sealed: this.vault.tellSecrets(rotated.row, rotated.now, request.replyAddress) };
  }
}
