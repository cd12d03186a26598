import { type Actor, create, ErasePayload } from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Controller, Delete, HttpCode, Param } from '@nestjs/common';
import { FromCaller } from '../http/caller-of-request.js';
import { Scope } from '../http/scope.js';
import { Operation } from '../openapi/operation.js';

@Controller('v1/tenants/:tenantId/events/:eventId/payload')
export class ErasePayloadController {
  constructor(private readonly client: AmqpClient) {}

  @Delete()
  @HttpCode(204)
  @Scope('events:write')
  @Operation({
    id: 'erasePayload',
    summary: 'Erase the payload of an event',
    description:
      'Also the answers of its attempts. Its deliveries that are not finished are cancelled; its history stays, without the payload. Retries and replays of it answer 409 `payload_expired`.',
    problems: ['not_found'],
  })
  async erase(
    @Param('tenantId') tenantId: string,
    @Param('eventId') eventId: string,
    @FromCaller() actor: Actor,
  ): Promise<void> {
    await this.client.ask(create(ErasePayload, { tenantId, eventId, actor }));
  }
}
