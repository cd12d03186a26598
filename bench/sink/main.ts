import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve, tellParent } from '../load/serve.js';
import { nowMs } from '../measure/clock.js';
import { type Arrivals, ArrivalLog, type Expectation } from './arrivals.js';

/** Where every webhook goes: any path, at any of this machine's loopback addresses. */

const tellEveryMs = 10;

let log = new ArrivalLog({ run: '', fanOut: 1, payloadBytes: 0 });
let told = 0;

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  const atMs = nowMs();
  log.note(String(request.headers['webhook-id']), request.url ?? '', {
    bytes: Number(request.headers['content-length']),
    atMs,
  });
  request.resume();
  response.writeHead(204).end();
});
server.keepAliveTimeout = 120_000;
server.on('connection', (socket) => {
  if (!socket.localAddress?.startsWith('127.')) socket.destroy();
});
const listening = new Promise<void>((resolve) => server.listen(0, '0.0.0.0', 4096, resolve));

setInterval(() => {
  if (log.received === told) return;
  told = log.received;
  tellParent('received', told);
}, tellEveryMs);

serve({
  port: async (): Promise<number> => {
    await listening;
    return (server.address() as AddressInfo).port;
  },
  expect: (expectation: Expectation): void => {
    log = new ArrivalLog(expectation);
    told = 0;
  },
  collect: (): Arrivals => log.arrivals,
});
