import type { LookupFunction } from 'node:net';
import { WebhookReceiver } from '#libs/testing';
import { strictPolicy } from './index.js';
import { guardedConnector, makeSecureContext } from './guarded-connector.js';

/** As if the guard on the name's addresses had been passed somehow. */
const unguardedLookup: LookupFunction = (_name, options, callback) =>
  options.all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4);

describe('a socket to an address that is not allowed', () => {
  let receiver: WebhookReceiver;
  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
  });
  afterEach(() => receiver.stop());

  const connectTo = (hostname: string) => {
    const connect = guardedConnector({
      policy: strictPolicy,
      lookup: unguardedLookup,
      secureContext: makeSecureContext(),
      onSocket: () => undefined,
      signal: new AbortController().signal,
    });
    const target = { hostname, protocol: 'http:', port: String(receiver.port) };
    return new Promise((resolve) => {
      connect(target, (error, socket) => resolve(error ?? socket));
    });
  };

  it('is closed before anything is written to it, whatever name led there', async () => {
    expect(await connectTo('hook.example.com')).toMatchObject({ code: 'EGRESS_BLOCKED' });
    await receiver.socketsAtMost(0);
    expect(receiver.connections).toBe(1);
  });

  it('is not opened when the address itself was given, for which no lookup is made', async () => {
    expect(await connectTo('127.0.0.1')).toMatchObject({ code: 'EGRESS_BLOCKED' });
    expect(receiver.connections).toBe(0);
  });
});
