import { ErasePayload, Problem, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { PayloadErasures } from './payload-erasures.js';

@Controller()
export class ErasePayloadHandler {
  constructor(private readonly erasures: PayloadErasures) {}

  @OnRequest(ErasePayload)
  async erase(@Payload() { tenantId, eventId, actor }: ErasePayload): Promise<ReplyOf<ErasePayload>> {
    if (!(await this.erasures.erase({ tenantId, eventId }, actor)))
      throw new Problem('not_found', 'There is no such event.');
    return null;
  }
}
