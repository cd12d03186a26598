import { CreateDestination, Problem, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Sealer } from '#libs/sealing';
import { generateSecret } from '#libs/signing';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { Announcer } from './announcer.js';
import { applyPatch, destinationDefaults } from './apply-patch.js';
import { DestinationsRepository } from './destinations.repository.js';
import { UrlCheck } from './url-check.js';

@Controller()
export class CreateDestinationHandler {
  constructor(
    private readonly destinations: DestinationsRepository,
    private readonly announcer: Announcer,
    private readonly sealer: Sealer,
    private readonly urls: UrlCheck,
  ) {}

  /** The secret is in the answer to its maker; afterwards it has to be asked for. */
  @OnRequest(CreateDestination)
  async create(
    @Payload() { tenantId, destinationId, input }: CreateDestination,
  ): Promise<ReplyOf<CreateDestination>> {
    this.urls.check(input.url);
    const created = await this.destinations.insert({
      id: destinationId,
      tenant_id: tenantId,
      url: input.url,
      ...destinationDefaults,
      event_types: [...destinationDefaults.event_types],
      disabled_reason: null,
      ...applyPatch(input),
      sealed_secrets: [this.sealer.seal(generateSecret().reveal(), destinationId)],
    });
    if (!created) throw new Problem('not_found', 'There is no such tenant.');
    await this.announcer.announce([created.change]);
    const [sealed = ''] = created.change.sealedSecrets;
    return {
      destination: created.destination,
      secret: this.sealer.open(sealed, destinationId).reveal(),
    };
  }
}
