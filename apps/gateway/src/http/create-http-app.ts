import { randomUUID } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from '../gateway.config.js';
import { harden } from './harden.js';
import { refuseAddress } from './refuse-address.js';
import { measureRequests } from './measure-requests.js';
import { takeBodies } from './take-bodies.js';

/**
 * The HTTP server: bodies stay bytes, whatever they are; every deadline is set, as Fastify's defaults are none.
 */
export async function createHttpApp(module: Type, config: GatewayConfig): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: 15_000 },
    routerOptions: { maxParamLength: 256 },
    genReqId: () => `req_${randomUUID()}`,
    logger: false,
    frameworkErrors: refuseAddress,
    // While it closes, what has come in is served: see HttpDoor.
    return503OnClosing: false,
  });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  harden(app);
  measureRequests(fastify);
  takeBodies(fastify, config);
  return app;
}
