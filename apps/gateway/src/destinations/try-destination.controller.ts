import {
  type Actor,
  create,
  DestinationStats,
  DestinationTest,
  GetDestination,
  GetDestinationStats,
  newId,
  PrepareDestinationTest,
  TestDestination,
  testEventType,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { showAnswer, ShownTest } from '../history/show.js';
import { FromCaller } from '../http/caller-of-request.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { Scope } from '../http/scope.js';
import { Operation } from '../openapi/operation.js';
import type { DestinationParams } from './destination-params.js';
import { TestSlots } from './test-slots.js';

/** The longest attempt, and the time it takes a dispatcher to hear of the newest change. */
const testDeadlineMs = 35_000;

/** How a destination does. */
@Controller('v1/tenants/:tenantId/destinations/:destinationId')
export class TryDestinationController {
  constructor(
    private readonly client: AmqpClient,
    private readonly slots: TestSlots,
  ) {}

  /** Sends a signed example now. The answer is what came of it, whatever that is. */
  @Post('test')
  @HttpCode(200)
  @Scope('destinations:write')
  @Operation({
    id: 'testDestination',
    summary: 'Send a signed example now',
    description:
      'Answers with what came of it, whatever that is. It is not tried again, and is in no history.',
    reply: ShownTest,
    problems: ['not_found'],
  })
  async test(
    @Param() key: DestinationParams,
    @Body(new JsonBodyPipe(DestinationTest)) input: DestinationTest,
    @FromCaller() actor: Actor,
  ): Promise<ShownTest> {
    const end = this.slots.begin(key);
    try {
      return await this.#test(key, input, actor);
    } finally {
      end();
    }
  }

  @Get('stats')
  @Scope('destinations:read')
  @Operation({
    id: 'getDestinationStats',
    summary: 'How a destination does',
    reply: DestinationStats,
    problems: ['not_found'],
  })
  async stats(@Param() key: DestinationParams): Promise<DestinationStats> {
    // The ledger hears of a new destination a moment later: whether there is one, the registry knows.
    await this.client.ask(create(GetDestination, { ...key }));
    return this.client.ask(create(GetDestinationStats, { ...key }));
  }

  async #test(key: DestinationParams, input: DestinationTest, actor: Actor): Promise<ShownTest> {
    const eventType = input.eventType ?? testEventType;
    const prepared = await this.client.ask(create(PrepareDestinationTest, { ...key, eventType, actor }));
    const eventId = newId('evt');
    const timestamp = new Date().toISOString();
    const test = create(TestDestination, { ...key, ...prepared, eventId, eventType, timestamp });
    return showAnswer(await this.client.ask(test, testDeadlineMs));
  }
}
