import { IngestedMessage, isProblem, Problem } from '#libs/contracts';
import { failpoint } from '#libs/failpoints';
import { OnMessage, type Outcome, park } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { GatewayConfig } from '../gateway.config.js';
import { KnownTenants } from '../tenants/known-tenants.js';
import { AcceptEvent } from './accept-event.js';
import { rules } from './field-rules.js';
import type { Envelope } from './read-envelope.js';
import { readHopsOfMessage, withHops } from './read-hops.js';
import { readMessage } from './read-message.js';

/** The broker door: what publishers put into `posthorn.ingest`. The routing key names the tenant. */
@Controller()
export class IngestEventHandler {
  constructor(
    private readonly events: AcceptEvent,
    private readonly tenants: KnownTenants,
    private readonly config: GatewayConfig,
    private readonly log: Log,
  ) {}

  /** The publisher's message is acked once the event is accepted; one that is refused is kept, with the reason. */
  @OnMessage(IngestedMessage, { concurrency: 500 })
  async ingest(@Payload() message: IngestedMessage): Promise<Outcome> {
    failpoint('gateway.taken');
    try {
      const envelope = this.#read(message);
      await this.events.accept(await this.tenants.mustFind(message.routingKey), envelope, 'amqp');
      failpoint('gateway.republished');
      return undefined;
    } catch (error) {
      if (!isProblem(error) || error.code === 'unavailable') throw error;
      const reason = reasonOf(error);
      this.log.warn('event.refused', { tenantId: message.routingKey, source: 'amqp', reason });
      return park(reason);
    }
  }

  #read(message: IngestedMessage): Envelope {
    const hops = readHopsOfMessage(message.headers);
    const read = readMessage(message, {
      maxPayloadBytes: this.config.MAX_PAYLOAD_BYTES,
      hasOtherId: message.messageId !== undefined,
    });
    const envelope = withHops(read, hops);
    const id = envelope.id ?? message.messageId;
    if (id === undefined) return envelope;
    if (!rules.id.isValid(id)) throw new Problem('validation_failed', `message_id ${rules.id.message}`);
    return { ...envelope, id };
  }
}

function reasonOf(problem: Problem): string {
  const faults = problem.errors?.map(({ path, message }) => `${path} ${message}`) ?? [];
  return [`${problem.code}: ${problem.detail}`, ...faults].join('; ');
}
