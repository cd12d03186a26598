import { createServer, type RequestListener, type Server } from 'node:http';
import { listenError } from '#libs/config';
import { register } from 'prom-client';
import type { Readiness } from './readiness.js';

/** In milliseconds. Node.js looks at them each `connectionsCheckingInterval`, 30 s unless it is given. */
const deadlines = { headersTimeout: 15_000, requestTimeout: 30_000, connectionsCheckingInterval: 1000 };

export interface OperationsOptions {
  readonly port: number;
  readonly host: string;
  readonly readiness: Readiness;
}

const readMethods = new Set(['GET', 'HEAD']);

/**
 * Health and metrics of one process, on a port of its own.
 * GET and HEAD only. `/health/live`: the process runs. `/health/ready`: what it needs is there. `/metrics`: Prometheus text.
 * @throws an error naming METRICS_PORT if the port is in use.
 */
export async function startOperationsServer(options: OperationsOptions): Promise<Server> {
  const server = createServer(deadlines, answer(options));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(listenError(error, { ...options, portVariable: 'METRICS_PORT', hostVariable: 'METRICS_HOST' })),
    );
    server.listen(options.port, options.host, resolve);
  });
  // Its callers keep connections open; they are no reason to go on living.
  server.unref();
  return server;
}

function answer({ readiness }: OperationsOptions): RequestListener {
  return (request, response) => {
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, { 'content-type': type }).end(body);
    };
    const routes: Record<string, () => unknown> = {
      '/health/live': () => send(200, 'application/json', '{"status":"ok"}'),
      '/health/ready': async () => {
        const report = await readiness.report();
        send(report.status === 'ok' ? 200 : 503, 'application/json', JSON.stringify(report));
      },
      '/metrics': async () => send(200, register.contentType, await register.metrics()),
    };
    const route = routes[request.url ?? ''];
    if (!readMethods.has(request.method ?? '')) {
      response.setHeader('allow', [...readMethods].join(', '));
      return send(405, 'application/json', '{"status":"method not allowed"}');
    }
    const failed = (error: unknown): void => send(500, 'text/plain', String(error));
    if (route) void (async () => route())().catch(failed);
    else send(404, 'application/json', '{"status":"not found"}');
  };
}
