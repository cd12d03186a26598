import {
  DeleteDestination,
  DisableDestination,
  mayReadSecrets,
  Problem,
  type ReplyOf,
  UpdateDestination,
  type Warning,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { changeSealed } from '../confidential/change-sealed.js';
import { Vault } from '../confidential/vault.js';
import type { DestinationRow } from '../registry.tables.js';
import { Announcer } from './announcer.js';
import { applyPatch } from './apply-patch.js';
import { destinationOf } from './destination-of.js';
import { disabling, isDisabledBy } from './disabling.js';
import { DestinationsRepository } from './destinations.repository.js';
import { mustFit } from './must-fit.js';
import { UrlCheck } from './url-check.js';
import { withWarnings } from './with-warnings.js';

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
    @Payload() { tenantId, destinationId, patch, sealed, actor }: UpdateDestination,
  ): Promise<ReplyOf<UpdateDestination>> {
    if (patch.url !== undefined) this.urls.check(patch.url);
    const { headers } = this.vault.read(sealed);
    let warnings: Warning[] = [];
    const decide = (row: DestinationRow, now: Date): Partial<DestinationRow> => {
      const changes = applyPatch(patch, row);
      const { url = row.url, signing = row.signing } = changes;
      const change = { url, signing, headers, now, mayReadSecrets: mayReadSecrets(actor) };
      const sealedChange = changeSealed(this.vault, row, change);
      warnings = sealedChange.warnings;
      const changed = { ...changes, ...sealedChange.changes };
      mustFit(destinationOf({ ...row, ...changed }));
      return changed;
    };
    const updated = await this.destinations.update(tenantId, destinationId, decide, { actor });
    if (!updated) throw new Problem('not_found', 'There is no such destination.');
    await this.announcer.announce([updated.change]);
    return withWarnings(updated.destination, warnings);
  }

  /** Announced again when asked again: whoever asks may not have got the first answer. */
  @OnRequest(DisableDestination)
  async disable(@Payload() request: DisableDestination): Promise<ReplyOf<DisableDestination>> {
    const { tenantId, destinationId } = request;
    const decide = (row: DestinationRow) => disabling(row, request);
    const found = await this.destinations.update(tenantId, destinationId, decide, { actor: undefined });
    if (!found || !isDisabledBy(request, found)) return { disabled: false };
    await this.announcer.announce([found.change]);
    return { disabled: true, url: found.destination.url };
  }

  @OnRequest(DeleteDestination)
  async delete(
    @Payload() { tenantId, destinationId, actor }: DeleteDestination,
  ): Promise<ReplyOf<DeleteDestination>> {
    const change = await this.destinations.delete(tenantId, destinationId, actor);
    if (!change) throw new Problem('not_found', 'There is no such destination.');
    await this.announcer.announce([change]);
    return null;
  }
}
