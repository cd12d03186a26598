import { CreateDestination, Problem, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Vault } from '../confidential/vault.js';
import { Announcer } from './announcer.js';
import { applyPatch, destinationDefaults } from './apply-patch.js';
import type { DestinationRow } from '../registry.tables.js';
import { destinationOf } from './destination-of.js';
import { DestinationsRepository, type NewDestinationRow } from './destinations.repository.js';
import { mustFit } from './must-fit.js';
import { withWarnings } from './with-warnings.js';
import { UrlCheck } from './url-check.js';

@Controller()
export class CreateDestinationHandler {
  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly announcer: Announcer,
    private readonly vault: Vault,
    private readonly urls: UrlCheck,
  ) {}

  /** The secret is in the answer to its maker; afterwards it has to be asked for. */
  @OnRequest(CreateDestination)
  async create(
    @Payload() { tenantId, destinationId, input, sealed, replyAddress, actor }: CreateDestination,
  ): Promise<ReplyOf<CreateDestination>> {
    this.urls.check(input.url);
    const { secret, headers = null } = this.vault.read(sealed);
    const settings = { ...destinationDefaults, ...applyPatch(input, destinationDefaults) };
    const row = {
      id: destinationId,
      tenant_id: tenantId,
      url: input.url,
      disabled_reason: null,
      ...settings,
      event_types: [...settings.event_types],
      headers: this.vault.changeHeaders(destinationId, [], headers),
      sealed_secrets: [this.vault.signingSecret(destinationId, settings.signing, secret)],
    };
    mustFit(destinationOf(asNew(row)));
    const created = await this.destinations.insert(row, actor);
    if (!created) throw new Problem('not_found', 'There is no such tenant.');
    await this.announcer.announce([created.change]);
    return {
      destination: withWarnings(created.destination, []),
      sealed: this.vault.tellSecrets(created.row, created.now, replyAddress),
    };
  }
}

/** With what Postgres gives to every new row. */
function asNew(row: NewDestinationRow): DestinationRow {
  const now = new Date();
  return {
    ...row,
    version: 1,
    renewed_version: 1,
    retiring_secrets: [],
    retire_at: null,
    rotation_id: null,
    created_at: now,
    updated_at: now,
  };
}
