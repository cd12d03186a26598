import { Controller, Get, Header, type OnModuleInit, Redirect, Req, Res, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { buildAsyncApi } from '../asyncapi/build-asyncapi.js';
import { Open } from '../http/scope.js';
import { TokenBuckets } from '../http/token-buckets.js';
import { renderReference } from '../reference-page/render-reference.js';
import { stylesHash } from '../reference-page/styles.js';
import { buildOpenApi } from './build-openapi.js';
import { Operation } from './operation.js';
import { StaticDocument } from './static-document.js';

const json = 'application/json; charset=utf-8';
const jsonDocument = { mediaType: 'application/json', schema: { type: 'object' } };

/** Of all three together, to all callers. An answer that says that a copy is still right does not count. */
const documentsPerSecond = 50;

/** The documents that are generated from the code. What they cannot describe keeps the gateway from starting. */
@Controller()
export class DocumentsController implements OnModuleInit {
  #openApi: StaticDocument;
  #asyncApi: StaticDocument;
  #reference: StaticDocument;

  constructor(private readonly discovery: DiscoveryService) {}

  onModuleInit(): void {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype as Type | null);
    // An answer may have 300 KB, and anybody may ask.
    const limit = new TokenBuckets(documentsPerSecond);
    const openApi = buildOpenApi(controllers.filter((controller) => controller !== null));
    this.#openApi = new StaticDocument(JSON.stringify(openApi), json, limit);
    this.#asyncApi = new StaticDocument(JSON.stringify(buildAsyncApi()), json, limit);
    this.#reference = new StaticDocument(renderReference(openApi), 'text/html; charset=utf-8', limit);
  }

  @Get()
  @Redirect('/docs', 302)
  @Open()
  @Operation({ id: 'getRoot', summary: 'Leads to the reference', status: [302] })
  root(): void {}

  @Get('docs')
  @Header('content-security-policy', `default-src 'none'; style-src '${stylesHash}'; frame-ancestors 'none'`)
  @Open()
  @Operation({
    id: 'getReference',
    summary: 'This document, for people',
    reply: { mediaType: 'text/html', schema: { type: 'string' } },
    problems: ['rate_limited'],
  })
  docs(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    void this.#reference.send(request, reply);
  }

  @Get('openapi.json')
  @Open()
  @Operation({ id: 'getOpenApi', summary: 'This document', reply: jsonDocument, problems: ['rate_limited'] })
  openApi(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    void this.#openApi.send(request, reply);
  }

  @Get('asyncapi.json')
  @Open()
  @Operation({
    id: 'getAsyncApi',
    summary: 'The door for publishers in RabbitMQ, as AsyncAPI 3',
    reply: jsonDocument,
    problems: ['rate_limited'],
  })
  asyncApi(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    void this.#asyncApi.send(request, reply);
  }
}
