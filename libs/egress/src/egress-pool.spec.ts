import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { behave, WebhookReceiver } from '#libs/testing';
import { Egress, EgressConfig, egressPolicy, type OutgoingPost } from './index.js';

const policy = egressPolicy(
  Object.assign(new EgressConfig(), {
    EGRESS_ALLOW_HTTP: true,
    EGRESS_ALLOW_CIDRS: ['127.0.0.0/8'],
    EGRESS_ALLOW_PORTS: ['*'],
  }),
);

describe('the connections to one endpoint', () => {
  let receiver: WebhookReceiver;
  let egress: Egress;

  beforeEach(async () => {
    receiver = await WebhookReceiver.start();
    egress = new Egress({ policy });
  });
  afterEach(async () => {
    await egress.close();
    await receiver.stop();
  });

  const postTo = (path: string, rest: Partial<OutgoingPost> = {}) =>
    egress.post({ url: receiver.url(path), headers: {}, body: Buffer.from('{}'), timeoutMs: 5_000, ...rest });

  it('are used again', async () => {
    for (let count = 0; count < 5; count += 1) await postTo('/hook');
    expect(receiver.connections).toBe(1);
  });

  it('are never more than eight; the ninth post waits, and its deadline with it', async () => {
    const answers: (() => void)[] = [];
    receiver.answer('/slow', (response) => answers.push(() => response.end()));
    const posts = Array.from({ length: 9 }, () => postTo('/slow', { timeoutMs: 3000 }));
    await receiver.received('/slow', 8);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect(receiver.requests('/slow')).toHaveLength(8);
    expect(receiver.openSockets).toBe(8);

    for (const answer of answers.splice(0)) answer();
    await receiver.received('/slow', 9);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    answers[0]?.();
    const results = await Promise.all(posts);
    expect(results).toEqual(Array(9).fill(expect.objectContaining({ result: 'answered', statusCode: 200 })));
    expect(results[8]!.durationMs).toBeLessThan(3000);
  });

  it('are as many as its user says, who has limits of his own', async () => {
    receiver.answer('/slow', behave.hang());
    const roomy = new Egress({ policy, maxConnectionsPerOrigin: 20 });
    const post = { url: receiver.url('/slow'), headers: {}, body: Buffer.alloc(0), timeoutMs: 600 };
    const posts = Array.from({ length: 20 }, () => roomy.post(post));
    await receiver.received('/slow', 20);
    await Promise.all(posts);
    await roomy.close();
  });

  it('let a post that waits for one be taken back', async () => {
    receiver.answer('/slow', behave.hang());
    const posts = Array.from({ length: 8 }, () => postTo('/slow', { timeoutMs: 600 }));
    await receiver.received('/slow', 8);
    const abort = new AbortController();
    const ninth = postTo('/slow', { signal: abort.signal });
    abort.abort(new Error('shutting down'));
    await expect(ninth).rejects.toThrow('shutting down');
    await Promise.all(posts);
    expect(receiver.requests('/slow')).toHaveLength(8);
    receiver.answer('/slow', 200);
    expect(await postTo('/slow')).toMatchObject({ result: 'answered' });
  });

  it('stay usable after everything that can go wrong on them', async () => {
    receiver.answer(
      '/nasty',
      behave.hang(),
      behave.reset(),
      behave.endlessBody(),
      behave.trickle(),
      behave.hangInBody(),
      behave.raw('nonsense'),
      behave.resetInBody(),
    );
    await Promise.all(Array.from({ length: 40 }, () => postTo('/nasty', { timeoutMs: 200 })));
    await receiver.socketsAtMost(0);
    const after = await Promise.all(Array.from({ length: 40 }, () => postTo('/fine')));
    expect(after.every((attempt) => attempt.result === 'answered')).toBe(true);
    expect(receiver.openSockets).toBeLessThanOrEqual(8);
  });

  it('are not used for longer than they may be', async () => {
    await egress.close();
    egress = new Egress({ policy, maxSocketAgeMs: 100 });
    await postTo('/hook');
    await new Promise((resolve) => setTimeout(resolve, 150));
    await postTo('/hook');
    await receiver.socketsAtMost(1);
    expect(receiver.connections).toBe(2);
  });

  it('are opened anew when the endpoint closes each', async () => {
    receiver.answer('/close', behave.respond({ headers: { connection: 'close' } }));
    for (let count = 0; count < 3; count += 1)
      expect(await postTo('/close')).toMatchObject({ statusCode: 200 });
    expect(receiver.connections).toBe(3);
    await receiver.socketsAtMost(0);
  });

  it('all close with the way out', async () => {
    receiver.answer('/slow', behave.hang());
    const pending = postTo('/slow');
    await postTo('/hook');
    await receiver.received('/slow');
    const [ended] = await Promise.all([pending.catch((error: unknown) => error), egress.close()]);
    expect(ended).toMatchObject({ code: 'UND_ERR_DESTROYED' });
    await receiver.socketsAtMost(0);
  });
});

describe('an endpoint that takes no connection', () => {
  let server: Server;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket
        .resume()
        .on('error', () => undefined)
        .on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
  });
  afterEach(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });

  it('is given up at the deadline, and nothing stays open', async () => {
    const egress = new Egress({ policy });
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`; // the handshake never goes on
    const send = () => egress.post({ url, headers: {}, body: Buffer.from('{}'), timeoutMs: 150 });
    const attempts = await Promise.all(Array.from({ length: 20 }, send));
    const expected = expect.objectContaining({ result: 'failed', errorClass: 'connect_timeout' });
    expect(attempts).toEqual(Array(20).fill(expected));
    const gone = new Promise<void>((resolve) => {
      const look = () => (sockets.size === 0 ? resolve() : setTimeout(look, 10));
      look();
    });
    await gone;
    expect(sockets.size).toBe(0);
    await egress.close();
  });
});
