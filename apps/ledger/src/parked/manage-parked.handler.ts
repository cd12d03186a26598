import { DropParked, GetParked, ListParked, Problem, RedriveParked, type ReplyOf } from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ParkedRepository } from './parked.repository.js';
import { Redrive } from './redrive.js';

@Controller()
export class ManageParkedHandler {
  constructor(
    private readonly parked: ParkedRepository,
    private readonly redriving: Redrive,
    private readonly log: Log,
  ) {}

  @OnRequest(ListParked)
  list(@Payload() { filter, page }: ListParked): Promise<ReplyOf<ListParked>> {
    return this.parked.list(filter, page);
  }

  @OnRequest(GetParked)
  async get(@Payload() { id }: GetParked): Promise<ReplyOf<GetParked>> {
    const found = await this.parked.find(id);
    if (found === undefined) throw notFound();
    return found;
  }

  @OnRequest(RedriveParked)
  redrive(@Payload() { selection, actor }: RedriveParked): Promise<ReplyOf<RedriveParked>> {
    return this.redriving.redrive(selection, actor);
  }

  @OnRequest(DropParked)
  async drop(@Payload() { id, actor }: DropParked): Promise<ReplyOf<DropParked>> {
    if (!(await this.parked.drop(id, actor))) throw notFound();
    this.log.info('parked.dropped', { id });
    return null;
  }
}

function notFound(): Problem {
  return new Problem('not_found', 'There is no such parked message.');
}
