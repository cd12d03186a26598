import {
  type Actor,
  create,
  defaultOverlapSeconds,
  DestinationSecret,
  GetDestinationSecret,
  newId,
  RotateDestinationSecret,
  SecretRotation,
} from '#libs/contracts';
import { AmqpClient } from '#libs/messaging';
import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { FromCaller } from '../http/caller-of-request.js';
import { JsonBodyPipe } from '../http/json-body.pipe.js';
import { Scope } from '../http/scope.js';
import { Operation } from '../openapi/operation.js';
import { Confidences } from './confidences.js';
import type { DestinationParams } from './destination-params.js';

@Controller('v1/tenants/:tenantId/destinations/:destinationId')
export class DestinationSecretsController {
  constructor(
    private readonly client: AmqpClient,
    private readonly confidences: Confidences,
  ) {}

  @Get('secret')
  @Scope('secrets:read')
  @Operation({
    id: 'getDestinationSecret',
    summary: 'What a receiver checks signatures with',
    reply: DestinationSecret,
    problems: ['not_found'],
  })
  async tell(@Param() key: DestinationParams, @FromCaller() actor: Actor): Promise<DestinationSecret> {
    const { replyAddress } = this.confidences;
    const { sealed } = await this.client.ask(create(GetDestinationSecret, { ...key, replyAddress, actor }));
    return this.confidences.open(sealed);
  }

  /**
   * The answer carries the new secret, as that to a creation does. Those before were not made by this call: reading them
   * takes another scope.
   */
  @Post('rotate-secret')
  @HttpCode(200)
  @Scope('destinations:write')
  @Operation({
    id: 'rotateDestinationSecret',
    summary: 'Give a destination another secret',
    description:
      'The one before signs along for `overlapSeconds`. Of those before, only their ends are told.',
    reply: DestinationSecret,
    problems: ['not_found'],
  })
  async rotate(
    @Param() key: DestinationParams,
    @Body(new JsonBodyPipe(SecretRotation)) rotation: SecretRotation,
    @FromCaller() actor: Actor,
  ): Promise<DestinationSecret> {
    const overlapSeconds = rotation.overlapSeconds ?? defaultOverlapSeconds;
    const confided = await this.confidences.take(rotation);
    const { replyAddress } = this.confidences;
    const rotationId = newId('rot');
    const { sealed } = await this.client.ask(
      create(RotateDestinationSecret, {
        ...key,
        rotationId,
        overlapSeconds,
        replyAddress,
        actor,
        ...confided,
      }),
    );
    const { previous, ...present } = this.confidences.open(sealed);
    return { ...present, previous: previous.map(({ signing, validUntil }) => ({ signing, validUntil })) };
  }
}
