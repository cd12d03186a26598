import { type JsonSchema } from '#libs/contracts';
import { Controller, Get, type OnModuleInit, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Open } from '../http/scope.js';
import { buildOpenApi } from './build-openapi.js';
import { Operation } from './operation.js';

/** The documents that are generated from the code. What they cannot describe keeps the gateway from starting. */
@Controller()
export class OpenApiController implements OnModuleInit {
  #openApi: JsonSchema = {};

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const controllers = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => (metatype as Type | null) ?? []);
    this.#openApi = buildOpenApi(controllers);
  }

  @Get('openapi.json')
  @Open()
  @Operation({
    id: 'getOpenApi',
    summary: 'This document',
    reply: { mediaType: 'application/json', schema: { type: 'object', required: ['openapi'] } },
  })
  openApi(): JsonSchema {
    return this.#openApi;
  }
}
