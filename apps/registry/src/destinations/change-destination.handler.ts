import {
  DeleteDestination,
  DisableDestination,
  Problem,
  defaultOverlapSeconds,
  type ReplyOf,
  type Signing,
  UpdateDestination,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Vault } from '../confidential/vault.js';
import type { DestinationRow } from '../registry.tables.js';
import { newSecret } from '../secrets/new-secret.js';
import { Announcer } from './announcer.js';
import { applyPatch } from './apply-patch.js';
import { disabling, isDisabledBy } from './disabling.js';
import { DestinationsRepository } from './destinations.repository.js';
import { UrlCheck } from './url-check.js';

@Controller()
export class ChangeDestinationHandler {
  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly announcer: Announcer,
    private readonly urls: UrlCheck,
    private readonly vault: Vault,
  ) {}

  @OnRequest(UpdateDestination)
  async update(
    @Payload() { tenantId, destinationId, patch, sealed }: UpdateDestination,
  ): Promise<ReplyOf<UpdateDestination>> {
    if (patch.url !== undefined) this.urls.check(patch.url);
    const { headers } = this.vault.read(sealed);
    const updated = await this.destinations.update(tenantId, destinationId, (row, now) => {
      const changes = applyPatch(patch, row);
      return {
        ...changes,
        ...(headers !== undefined && {
          headers: this.vault.changeHeaders(destinationId, row.headers, headers),
        }),
        ...(changes.signing !== undefined && this.#signedBy(changes.signing, row, now)),
      };
    });
    if (!updated) throw new Problem('not_found', 'There is no such destination.');
    await this.announcer.announce([updated.change]);
    return updated.destination;
  }

  /** Announced again when asked again: whoever asks may not have got the first answer. */
  @OnRequest(DisableDestination)
  async disable(@Payload() request: DisableDestination): Promise<ReplyOf<DisableDestination>> {
    const { tenantId, destinationId } = request;
    const found = await this.destinations.update(tenantId, destinationId, (row) => disabling(row, request));
    if (!found || !isDisabledBy(request, found)) return { disabled: false };
    await this.announcer.announce([found.change]);
    return { disabled: true, url: found.destination.url };
  }

  @OnRequest(DeleteDestination)
  async delete(
    @Payload() { tenantId, destinationId }: DeleteDestination,
  ): Promise<ReplyOf<DeleteDestination>> {
    const change = await this.destinations.delete(tenantId, destinationId);
    if (!change) throw new Problem('not_found', 'There is no such destination.');
    await this.announcer.announce([change]);
    return null;
  }

  /** Another way to sign needs another secret. The old one signs along, so that the receiver can change over. */
  #signedBy(signing: Signing, row: DestinationRow, now: Date): Partial<DestinationRow> {
    if (signing === row.signing) return {};
    const sealed = this.vault.signingSecret(row.id, signing);
    return newSecret(row, { sealed, overlapMs: defaultOverlapSeconds * 1000, now });
  }
}
