import type { JsonSchema } from '#libs/contracts';
import { Controller, Get, Header, type OnModuleInit, Redirect, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { buildAsyncApi } from '../asyncapi/build-asyncapi.js';
import { Open } from '../http/scope.js';
import { renderReference } from '../reference-page/render-reference.js';
import { stylesHash } from '../reference-page/styles.js';
import { buildOpenApi } from './build-openapi.js';
import { Operation } from './operation.js';

const jsonDocument = { mediaType: 'application/json', schema: { type: 'object' } };

/** The documents that are generated from the code. What they cannot describe keeps the gateway from starting. */
@Controller()
export class DocumentsController implements OnModuleInit {
  #openApi: JsonSchema = {};
  #asyncApi: JsonSchema = {};
  #reference = '';

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype as Type | null);
    this.#openApi = buildOpenApi(controllers.filter((controller) => controller !== null));
    this.#asyncApi = buildAsyncApi();
    this.#reference = renderReference(this.#openApi);
  }

  @Get()
  @Redirect('/docs', 302)
  @Open()
  @Operation({ id: 'getRoot', summary: 'Leads to the reference', status: [302] })
  root(): void {}

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', `default-src 'none'; style-src '${stylesHash}'; frame-ancestors 'none'`)
  @Open()
  @Operation({
    id: 'getReference',
    summary: 'This document, for people',
    reply: { mediaType: 'text/html', schema: { type: 'string' } },
  })
  docs(): string {
    return this.#reference;
  }

  @Get('openapi.json')
  @Open()
  @Operation({ id: 'getOpenApi', summary: 'This document', reply: jsonDocument })
  openApi(): JsonSchema {
    return this.#openApi;
  }

  @Get('asyncapi.json')
  @Open()
  @Operation({
    id: 'getAsyncApi',
    summary: 'The door for publishers in RabbitMQ, as AsyncAPI 3',
    reply: jsonDocument,
  })
  asyncApi(): JsonSchema {
    return this.#asyncApi;
  }
}
