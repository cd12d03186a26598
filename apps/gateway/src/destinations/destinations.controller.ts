import {
  type Actor,
  create,
  CreateDestination,
  DeleteDestination,
  CreatedDestination,
  Destination,
  DestinationPatch,
  GetDestination,
  ListDestinations,
  NewDestination,
  newId,
  UpdateDestination,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { FromCaller } from '../http/caller-of-request.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { type List, Listing, NoFilter, type Query as ListQuery } from '../http/listing.js';
import { Scope } from '../http/scope.js';
import { Operation, pageOf } from '../openapi/operation.js';
import { Confidences } from './confidences.js';
import type { DestinationParams } from './destination-params.js';

@Controller('v1/tenants/:tenantId/destinations')
export class DestinationsController {
  constructor(
    private readonly client: AmqpClient,
    private readonly listing: Listing,
    private readonly confidences: Confidences,
  ) {}

  @Post()
  @Scope('destinations:write')
  @Operation({
    id: 'createDestination',
    summary: 'Make a destination',
    description: 'The answer carries its signing secret; afterwards `/secret` tells.',
    reply: CreatedDestination,
    problems: ['not_found', 'limit_reached', 'destination_url_denied', 'header_not_allowed'],
  })
  async create(
    @Param('tenantId') tenantId: string,
    @Body(new JsonBodyPipe(NewDestination)) input: NewDestination,
    @FromCaller() actor: Actor,
  ): Promise<CreatedDestination> {
    const destinationId = newId('dst');
    const confided = await this.confidences.take(input);
    const { replyAddress } = this.confidences;
    const { destination, sealed } = await this.client.ask(
      create(CreateDestination, { tenantId, destinationId, input, replyAddress, actor, ...confided }),
    );
    const { secret, publicKey } = this.confidences.open(sealed);
    return {
      ...destination,
      ...(secret !== undefined && { secret }),
      ...(publicKey !== undefined && { publicKey }),
    };
  }

  @Get()
  @Scope('destinations:read')
  @Operation({
    id: 'listDestinations',
    summary: "A tenant's destinations, newest first",
    reply: pageOf(Destination),
    problems: ['not_found'],
  })
  list(@Param('tenantId') tenantId: string, @Query() query: ListQuery): Promise<List<Destination>> {
    return this.listing.page({ list: `${tenantId}/destinations`, query, filter: NoFilter }, (page) =>
      this.client.ask(create(ListDestinations, { tenantId, page })),
    );
  }

  @Get(':destinationId')
  @Scope('destinations:read')
  @Operation({
    id: 'getDestination',
    summary: 'One destination',
    reply: Destination,
    problems: ['not_found'],
  })
  get(@Param() key: DestinationParams): Promise<Destination> {
    return this.client.ask(create(GetDestination, { ...key }));
  }

  @Patch(':destinationId')
  @Scope('destinations:write')
  @Operation({
    id: 'updateDestination',
    summary: 'Change a destination',
    description: 'What is published after the answer goes by the change.',
    reply: Destination,
    problems: ['not_found', 'destination_url_denied', 'header_not_allowed'],
  })
  async update(
    @Param() key: DestinationParams,
    @Body(new JsonBodyPipe(DestinationPatch)) patch: DestinationPatch,
    @FromCaller() actor: Actor,
  ): Promise<Destination> {
    const confided = await this.confidences.take(patch);
    return this.client.ask(create(UpdateDestination, { ...key, patch, actor, ...confided }));
  }

  @Delete(':destinationId')
  @HttpCode(204)
  @Scope('destinations:write')
  @Operation({
    id: 'deleteDestination',
    summary: 'Delete a destination',
    description: 'Its deliveries that are not finished are cancelled.',
    problems: ['not_found'],
  })
  async delete(@Param() key: DestinationParams, @FromCaller() actor: Actor): Promise<void> {
    await this.client.ask(create(DeleteDestination, { ...key, actor }));
  }

  @Post(':destinationId/enable')
  @HttpCode(200)
  @Scope('destinations:write')
  @Operation({
    id: 'enableDestination',
    summary: 'Enable a destination',
    description: 'What was held for it is delivered.',
    reply: Destination,
    problems: ['not_found'],
  })
  enable(@Param() key: DestinationParams, @FromCaller() actor: Actor): Promise<Destination> {
    return this.#update(key, { enabled: true }, actor);
  }

  @Post(':destinationId/disable')
  @HttpCode(200)
  @Scope('destinations:write')
  @Operation({
    id: 'disableDestination',
    summary: 'Disable a destination',
    description: 'What comes for it is held until it is enabled.',
    reply: Destination,
    problems: ['not_found'],
  })
  disable(@Param() key: DestinationParams, @FromCaller() actor: Actor): Promise<Destination> {
    return this.#update(key, { enabled: false }, actor);
  }

  #update(key: DestinationParams, fields: { enabled: boolean }, actor: Actor): Promise<Destination> {
    const patch = Object.assign(new DestinationPatch(), fields);
    return this.client.ask(create(UpdateDestination, { ...key, patch, actor }));
  }
}
