import {
  CancelReplay,
  CreateReplay,
  GetReplay,
  ListReplays,
  Problem,
  type Replay,
  type ReplyOf,
} from '#libs/contracts';
import { OnRequest } from '#libs/messaging';
import { Log } from '#libs/observability';
import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { ReplaysRepository } from './replays.repository.js';
import { RunReplays } from './run-replays.js';

@Controller()
export class ManageReplaysHandler {
  constructor(
    private readonly replays: ReplaysRepository,
    private readonly running: RunReplays,
    private readonly log: Log,
  ) {}

  @OnRequest(CreateReplay)
  async create(@Payload() request: CreateReplay): Promise<ReplyOf<CreateReplay>> {
    const replay = await this.replays.create(request);
    this.running.wake();
    this.log.info('replay.created', { ...replay });
    return replay;
  }

  @OnRequest(ListReplays)
  list(@Payload() { tenantId, page }: ListReplays): Promise<ReplyOf<ListReplays>> {
    return this.replays.list(tenantId, page);
  }

  @OnRequest(GetReplay)
  async get(@Payload() { tenantId, replayId }: GetReplay): Promise<ReplyOf<GetReplay>> {
    return found(await this.replays.find(tenantId, replayId));
  }

  @OnRequest(CancelReplay)
  async cancel(@Payload() { tenantId, replayId, actor }: CancelReplay): Promise<ReplyOf<CancelReplay>> {
    const replay = found(await this.replays.cancel(tenantId, replayId, actor));
    this.log.info('replay.cancelled', { ...replay });
    return replay;
  }
}

function found(replay: Replay | undefined): Replay {
  if (!replay) throw new Problem('not_found', 'There is no such replay.');
  return replay;
}
