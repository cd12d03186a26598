import { randomUUID } from 'node:crypto';
import { Log } from '#libs/observability';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from '../gateway.config.js';
import { harden } from './harden.js';
import { maxParamLength } from './known-routes.js';
import { logRequests } from './log-requests.js';
import { refuseAddress } from './refuse-address.js';
import { measureRequests } from './measure-requests.js';
import { takeBodies } from './take-bodies.js';
import { traceRequests } from './trace-requests.js';

/**
 * The HTTP server: bodies stay bytes, whatever they are; every deadline is set, as Fastify's defaults are none.
 */
export async function createHttpApp(module: Type, config: GatewayConfig): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    requestTimeout: 30_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: 65_000,
    // Node.js looks at the deadlines of a request only so often, every 30 s unless it is told otherwise.
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 1000 },
    routerOptions: { maxParamLength },
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
  // First, so that what is refused at once is seen as well.
  measureRequests(fastify);
  traceRequests(fastify);
  logRequests(fastify, app.get(Log), config.ACCESS_LOG);
  harden(app);
  takeBodies(fastify, config);
  return app;
}
