import { gzipSync } from 'node:zlib';
import { behave, WebhookReceiver } from '#libs/testing';
import { Egress, EgressConfig, egressPolicy, type OutgoingPost } from './index.js';

const policy = egressPolicy(
  Object.assign(new EgressConfig(), {
    EGRESS_ALLOW_HTTP: true,
    EGRESS_ALLOW_CIDRS: ['127.0.0.0/8'],
    EGRESS_ALLOW_PORTS: ['*'],
  }),
);
const body = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);

describe('a post', () => {
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
    egress.post({ url: receiver.url(path), headers: {}, body, timeoutMs: 5_000, ...rest });

  describe('arrives', () => {
    it('with the bytes, the headers and the query that were given', async () => {
      await postTo('/hook?a=1&b=%20', { headers: { 'Webhook-Id': 'evt_1', 'user-agent': 'Posthorn/1' } });
      const [request] = await receiver.received('/hook');
      expect(request).toMatchObject({ method: 'POST', path: '/hook?a=1&b=%20', body });
      expect(request?.headers).toEqual({
        host: `127.0.0.1:${receiver.port}`,
        connection: 'keep-alive',
        'content-length': '4',
        'webhook-id': 'evt_1',
        'user-agent': 'Posthorn/1',
      });
    });

    it('without asking for a compressed answer, even if told to', async () => {
      await postTo('/hook', { headers: { 'Accept-Encoding': 'gzip' } });
      expect((await receiver.received('/hook'))[0]?.headers).not.toHaveProperty('accept-encoding');
    });

    it('with a body of no bytes', async () => {
      await postTo('/hook', { body: Buffer.alloc(0) });
      expect((await receiver.received('/hook'))[0]?.headers['content-length']).toBe('0');
    });
  });

  describe('is answered', () => {
    it.each([200, 204, 301, 304, 400, 410, 429, 500, 503])('with the status %i, as it is', async (status) => {
      receiver.answer('/hook', behave.respond({ status, headers: { location: receiver.url('/other') } }));
      expect(await postTo('/hook')).toMatchObject({ result: 'answered', statusCode: status });
      expect(receiver.requests('/other')).toEqual([]);
    });

    it('with the start of the body, as bytes, and the time it took', async () => {
      const answer = Buffer.from([0x00, 0xff, 0x41]);
      receiver.answer('/hook', behave.respond({ body: answer }));
      const attempt = await postTo('/hook');
      expect(attempt).toEqual({
        result: 'answered',
        statusCode: 200,
        body: answer,
        durationMs: expect.any(Number),
      });
      expect(attempt.durationMs).toBeLessThan(5_000);
    });

    it('with Retry-After as the endpoint wrote it', async () => {
      receiver.answer('/hook', behave.respond({ status: 429, headers: { 'Retry-After': '120' } }));
      expect(await postTo('/hook')).toMatchObject({ statusCode: 429, retryAfter: '120' });
    });

    it('with the final status when informational ones come first', async () => {
      receiver.answer(
        '/hook',
        behave.raw('HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 202 OK\r\ncontent-length: 0\r\n\r\n'),
      );
      expect(await postTo('/hook')).toMatchObject({ result: 'answered', statusCode: 202 });
    });

    it('with 16 KiB at most, of a body read to its end', async () => {
      receiver.answer('/hook', behave.respond({ body: Buffer.alloc(60_000, 'x') }));
      const attempt = await postTo('/hook');
      expect(attempt.result === 'answered' && attempt.body).toEqual(Buffer.alloc(16_384, 'x'));
      await postTo('/hook');
      expect(receiver.connections).toBe(1);
    });

    it('as the bytes that were sent, when they would unpack to a thousand times as many', async () => {
      const packed = gzipSync(Buffer.alloc(10_000_000));
      receiver.answer('/hook', behave.respond({ body: packed, headers: { 'content-encoding': 'gzip' } }));
      const attempt = await postTo('/hook');
      expect(attempt.result === 'answered' && attempt.body).toEqual(packed.subarray(0, 16_384));
    });

    it('when the body has no end, after 64 KiB, and hangs up', async () => {
      receiver.answer('/hook', behave.endlessBody());
      const attempt = await postTo('/hook');
      expect(attempt).toMatchObject({ result: 'answered', statusCode: 200 });
      expect(attempt.durationMs).toBeLessThan(2_000);
      await receiver.socketsAtMost(0);
    });
  });

  describe('counts by its status line, though the body', () => {
    it.each([
      ['hangs', behave.hangInBody({ body: 'half' }), 'half'],
      ['is reset', behave.resetInBody(), 'half'],
      ['ends early', behave.raw('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'), 'half'],
      [
        'is garbage',
        behave.raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\nzz'),
        'half',
      ],
    ])('%s', async (_name, behaviour, read) => {
      receiver.answer('/hook', behaviour);
      const attempt = await postTo('/hook', { timeoutMs: 300 });
      expect(attempt).toMatchObject({ result: 'answered', statusCode: 200, body: Buffer.from(read) });
      await receiver.socketsAtMost(0);
    });

    it('trickles until the deadline', async () => {
      receiver.answer('/hook', behave.trickle({ everyMs: 10 }));
      const attempt = await postTo('/hook', { timeoutMs: 300 });
      expect(attempt).toMatchObject({ result: 'answered', statusCode: 200 });
      expect(attempt.result === 'answered' && attempt.body.length).toBeGreaterThan(2);
      expect(attempt.durationMs).toBeLessThan(3_000);
      await receiver.socketsAtMost(0);
    });
  });

  describe('fails', () => {
    it.each([
      ['the endpoint never answers', behave.hang(), 'timeout'],
      ['informational answers never end', behave.informationalForEver(), 'timeout'],
      ['it is reset', behave.reset(), 'reset'],
      ['the connection ends without an answer', behave.raw(''), 'reset'],
      ['the answer is not HTTP', behave.raw('SSH-2.0-OpenSSH_9.6\r\n'), 'protocol_error'],
      ['the head of the answer is cut off', behave.raw('HTTP/1.1 200 OK\r\nserver: x'), 'protocol_error'],
      ['the endpoint switches protocols', behave.raw(switchingProtocols()), 'protocol_error'],
      [
        'the headers are endless',
        behave.raw(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(70_000)}`),
        'header_overflow',
      ],
      [
        'there is a megabyte of short headers',
        behave.raw(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(175_000)}\r\n`),
        'header_overflow',
      ],
    ])('when %s', async (_name, behaviour, errorClass) => {
      receiver.answer('/hook', behaviour);
      const attempt = await postTo('/hook', { timeoutMs: 400 });
      expect(attempt).toEqual({ result: 'failed', errorClass, durationMs: expect.any(Number) });
      expect(attempt.durationMs).toBeLessThan(3_000);
      await receiver.socketsAtMost(0);
    });

    it('when nobody listens', async () => {
      const url = receiver.url('/hook');
      await receiver.stop();
      expect(await egress.post({ url, headers: {}, body, timeoutMs: 5_000 })).toMatchObject({
        result: 'failed',
        errorClass: 'connect_refused',
      });
    });

    it.each([
      ['Host', 'internal'],
      ['content-length', '9'],
      ['transfer-encoding', 'chunked'],
      ['Connection', 'upgrade'],
      ['expect', '100-continue'],
      ['proxy-authorization', 'x'],
      ['x', 'a\r\nhost: b'],
      ['a b', 'x'],
      ['x', 'snowman ☃'],
    ])('before it is sent when a header cannot be: %s', async (name, value) => {
      const attempt = await postTo('/hook', { headers: { [name]: value } });
      expect(attempt).toMatchObject({ result: 'failed', errorClass: 'request_invalid' });
      expect(receiver.requests()).toEqual([]);
    });
  });

  describe('is taken back', () => {
    it('while it waits for an answer', async () => {
      receiver.answer('/hook', behave.hang());
      const abort = new AbortController();
      const pending = postTo('/hook', { signal: abort.signal });
      await receiver.received('/hook');
      abort.abort(new Error('shutting down'));
      await expect(pending).rejects.toThrow('shutting down');
      await receiver.socketsAtMost(0);
    });

    it('before it begins', async () => {
      await expect(postTo('/hook', { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
        'too late',
      );
      expect(receiver.requests()).toEqual([]);
    });

    it('but is answered all the same once there is a status line', async () => {
      const abort = new AbortController();
      receiver.answer('/hook', (response) => {
        response.writeHead(200).write('x', () => setTimeout(() => abort.abort(), 100));
      });
      expect(await postTo('/hook', { signal: abort.signal })).toMatchObject({
        result: 'answered',
        statusCode: 200,
      });
    });
  });
});

function switchingProtocols(): string {
  return 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
}
