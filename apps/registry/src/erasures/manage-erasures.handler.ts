import { GetErasure, ListErasures, Problem, type ReplyOf, TenantErased } from '#libs/contracts';
import { OnMessage, OnRequest } from '#libs/messaging';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ErasuresRepository } from './erasures.repository.js';

@Controller()
export class ManageErasuresHandler {
  constructor(private readonly erasures: ErasuresRepository) {}

  @OnRequest(GetErasure)
  async get(@Payload() { erasureId }: GetErasure): Promise<ReplyOf<GetErasure>> {
    const erasure = await this.erasures.find(erasureId);
    if (!erasure) throw new Problem('not_found', 'There is no such erasure.');
    return erasure;
  }

  @OnRequest(ListErasures)
  list(@Payload() { filter, page }: ListErasures): Promise<ReplyOf<ListErasures>> {
    return this.erasures.list(filter, page);
  }

  @OnMessage(TenantErased)
  record(@Payload() report: TenantErased): Promise<void> {
    return this.erasures.record(report);
  }
}
