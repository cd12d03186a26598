import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** As Nest's adapter types it. */
export type Fastify = ReturnType<ReturnType<NestFastifyApplication['getHttpAdapter']>['getInstance']>;
