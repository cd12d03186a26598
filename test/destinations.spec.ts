import { createPublicKey, verify } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ReceivedRequest,
  RunningPosthorn,
  type Subscribed,
  until,
  WebhookReceiver,
} from '#libs/testing';
import { Webhook } from 'standardwebhooks';

interface Created extends Subscribed {
  readonly publicKey?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly headerBytes: Readonly<Record<string, number>>;
}

interface Told {
  readonly secret?: string;
  readonly publicKey?: string;
  readonly previous: readonly { readonly validUntil: string }[];
}

describe('what a destination can be asked for', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('destinations', { RETRY_SCHEDULE: '200ms', LOG_LEVEL: 'debug' });
    await posthorn.call('PUT', '/tenants/t', {});
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const make = (path: string, rest: object) =>
    posthorn.subscribe<Created>('t', { url: receiver.url(path), ...rest });
  const on = <Body = Record<string, unknown>>(method: string, id: string, path = '', body?: unknown) =>
    posthorn.call<Body>(method, `/tenants/t/destinations/${id}${path}`, body);
  const publish = (type: string, data: unknown) => posthorn.publish('t', { type, data });
  const next = async (path: string, type: string): Promise<ReceivedRequest> => {
    const before = receiver.requests(path).length;
    await publish(type, 1);
    return (await receiver.received(path, before + 1)).at(-1)!;
  };
  const isSignedBy = (secret: string | undefined, { body, headers }: ReceivedRequest): boolean => {
    try {
      new Webhook(secret!).verify(body.toString(), headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };
  /** With nothing but the public key, and none of our code. */
  const isSignedByPrivateHalfOf = (
    publicKey: string | undefined,
    { body, headers }: ReceivedRequest,
  ): boolean => {
    const x = Buffer.from(publicKey!.slice('whpk_'.length), 'base64').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    const head = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.`;
    return String(headers['webhook-signature'])
      .split(' ')
      .filter((signature) => signature.startsWith('v1a,'))
      .some((signature) =>
        verify(
          null,
          Buffer.concat([Buffer.from(head), body]),
          key,
          Buffer.from(signature.slice(4), 'base64'),
        ),
      );
  };

  it('a change is a JSON merge patch: what is absent stays, and null takes away or gives the default', async () => {
    const before = {
      description: 'a',
      enabled: false,
      timeoutMs: 2000,
      metadata: { team: 'a', trial: 'yes' },
    };
    const { id } = await make('/patched', before);
    const patch = { enabled: null, timeoutMs: null, metadata: { trial: null, plan: 'gold' } };
    const type = { 'content-type': 'application/merge-patch+json; charset=utf-8' };
    const path = `/tenants/t/destinations/${id}`;
    const { body } = await posthorn.call('PATCH', path, patch, type);
    expect(body).toMatchObject({ description: 'a', enabled: true, disabledReason: null, timeoutMs: 15_000 });
    expect(body['metadata']).toEqual({ team: 'a', plan: 'gold' });
    expect((await on('PATCH', id, '', { metadata: null })).body['metadata']).toEqual({});
    expect((await posthorn.call('POST', `${path}/test`, {}, type)).status).toBe(415);
    const wrong = await on('PATCH', id, '', { metadata: { team: 1 } });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'metadata' }] } });
  });

  describe('a filter', () => {
    it('lets through what it matches, and keeps the bytes', async () => {
      const { id } = await make('/filtered', {
        eventTypes: ['filtered.*'],
        filter: { data: { amount: [{ numeric: ['>', 100] }] } },
      });
      for (const amount of ['100', '99999999999999999999999', '101.0', '"101"'])
        await posthorn.call(
          'POST',
          '/tenants/t/events',
          `{"type":"filtered.thing","data":{"amount":${amount}}}`,
        );
      await receiver.received('/filtered', 2);
      expect((await on('PATCH', id, '', { filter: { type: ['filtered.other'] } })).body['filter']).toEqual({
        type: ['filtered.other'],
        data: { amount: [{ numeric: ['>', 100] }] },
      });
      await publish('filtered.thing', { amount: 102 });
      await publish('filtered.other', { amount: 103 });
      await on('PATCH', id, '', { filter: null });
      await publish('filtered.other', { amount: 1 });
      await receiver.received('/filtered', 4);
      const bodies = receiver
        .requests('/filtered')
        .map(({ body }) => /"amount":([^}]*)/.exec(body.toString())?.[1]);
      expect(new Set(bodies)).toEqual(new Set(['1', '101.0', '103', '99999999999999999999999']));
    });

    it.each<[string, unknown, string]>([
      ['10,000 clauses', { data: { x: Array.from({ length: 10_000 }, (_, n) => n) } }, 'filter.data.x[200]'],
      ['a regular expression', { data: { x: [{ regex: '(a+)+$' }] } }, 'filter.data.x[0]'],
      ['no conditions but a text', 'x', 'filter'],
    ])('of %s is refused, saying where', async (_name, filter, path) => {
      const answer = await posthorn.call<{ code: string; errors: { path: string }[] }>(
        'POST',
        '/tenants/t/destinations',
        {
          url: receiver.url('/never'),
          filter,
        },
      );
      expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
      expect(answer.body.errors.map((error) => error.path)).toEqual([path]);
    });

    it('that is too deep is refused', async () => {
      const deep = (levels: number): string => '{"x":'.repeat(levels) + '[1]' + '}'.repeat(levels);
      const create = (levels: number) =>
        posthorn.call(
          'POST',
          '/tenants/t/destinations',
          `{"url":"${receiver.url('/never')}","filter":{"data":${deep(levels)}}}`,
        );
      expect((await create(30)).body['code']).toBe('validation_failed');
      expect((await create(1000)).body['code']).toBe('json_too_deep');
    });
  });

  describe('headers of its own', () => {
    it('are sent, shown by name and length only, and kept when they come back masked', async () => {
      const { id, headers, headerBytes } = await make('/headers', {
        eventTypes: ['headers.*'],
        headers: { Authorization: 'Bearer canary-5b1e', 'X-Team': 'a', 'X-Sig': 'canary-5b1e' },
      });
      expect(headers).toEqual({ Authorization: '***', 'X-Team': '***', 'X-Sig': '***' });
      expect(headerBytes).toEqual({ Authorization: 18, 'X-Team': 1, 'X-Sig': 11 });
      const changed = await on('PATCH', id, '', { headers: { ...headers, 'X-Team': null, 'X-New': 'b' } });
      expect(changed.body['headers']).toEqual({ Authorization: '***', 'X-Sig': '***', 'X-New': '***' });
      const request = await next('/headers', 'headers.thing');
      expect(request.headers).toMatchObject({
        authorization: 'Bearer canary-5b1e',
        'x-sig': 'canary-5b1e',
        'x-new': 'b',
        'content-type': 'application/json',
      });
      expect(request.headers).not.toHaveProperty('x-team');
    });

    it.each([
      [{ 'Webhook-Id': 'x' }, 'header_not_allowed', 'headers.Webhook-Id'],
      [{ 'x y': 'x' }, 'validation_failed', 'headers.x y'],
    ])('such as %j are refused', async (headers, code, path) => {
      const answer = await posthorn.call('POST', '/tenants/t/destinations', {
        url: receiver.url('/never'),
        headers,
      });
      expect([answer.status, answer.body]).toMatchObject([422, { code, errors: [{ path }] }]);
    });
  });

  describe('its secret', () => {
    it('is rotated: old and new sign until the overlap is over, and then the new one alone', async () => {
      const { id, secret: old } = await make('/rotated', { eventTypes: ['rotated.*'] });
      const rotated = await on<Told>('POST', id, '/rotate-secret', { overlapSeconds: 2 });
      expect(rotated.status).toBe(200);
      expect(rotated.body.secret).not.toBe(old);
      const [previous] = rotated.body.previous;
      expect(previous).toEqual({ signing: 'hmac-sha256', validUntil: expect.any(String) as unknown });
      expect((await on<Told>('GET', id, '/secret')).body).toEqual({
        ...rotated.body,
        previous: [{ ...previous, secret: old }],
      });
      const during = await next('/rotated', 'rotated.thing');
      expect([isSignedBy(old, during), isSignedBy(rotated.body.secret, during)]).toEqual([true, true]);
      const after = await until('a webhook that the old secret does not sign', async () => {
        const request = await next('/rotated', 'rotated.thing');
        return isSignedBy(old, request) ? undefined : request;
      });
      expect(after.arrivedAt.getTime()).toBeGreaterThanOrEqual(
        Date.parse(rotated.body.previous[0]!.validUntil) - 100,
      );
      expect(isSignedBy(rotated.body.secret, after)).toBe(true);
      expect((await on<Told>('GET', id, '/secret')).body.previous).toEqual([]);
    });

    it("can be the caller's own, if it is one of Standard Webhooks", async () => {
      const secret = `whsec_${Buffer.alloc(24, 'k').toString('base64')}`;
      expect(await make('/own', { eventTypes: ['own.*'], secret })).toMatchObject({ secret });
      expect(isSignedBy(secret, await next('/own', 'own.thing'))).toBe(true);
      for (const wrong of ['whsec_hunter2', 'whsk_x', `whsec_${Buffer.alloc(65).toString('base64')}`]) {
        const answer = await posthorn.call('POST', '/tenants/t/destinations', {
          url: receiver.url('/never'),
          secret: wrong,
        });
        expect([answer.status, answer.body]).toMatchObject([422, { errors: [{ path: 'secret' }] }]);
        expect(JSON.stringify(answer.body)).not.toContain('hunter2');
      }
    });

    it('is a key with a public half, with ed25519; the secret before it signs along', async () => {
      const { id, secret } = await make('/ed25519', { eventTypes: ['ed.*'] });
      expect((await on('PATCH', id, '', { signing: 'ed25519' })).body).toMatchObject({ signing: 'ed25519' });
      const { body: told } = await on<Told>('GET', id, '/secret');
      expect(told).toEqual({
        signing: 'ed25519',
        publicKey: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/) as unknown,
        previous: [{ signing: 'hmac-sha256', secret, validUntil: expect.any(String) as unknown }],
      });
      const request = await next('/ed25519', 'ed.thing');
      expect(isSignedByPrivateHalfOf(told.publicKey, request)).toBe(true);
      expect(isSignedBy(secret, request)).toBe(true);
      const other = await make('/ed25519-from-the-start', { signing: 'ed25519', eventTypes: ['none'] });
      expect(other.secret).toBeUndefined();
      expect(isSignedByPrivateHalfOf(other.publicKey, request)).toBe(false);
    });

    it('can be rotated so often that five sign, and then only without an overlap', async () => {
      const { id } = await make('/often', { eventTypes: ['often.*'] });
      const rotate = (overlapSeconds?: number) => on('POST', id, '/rotate-secret', { overlapSeconds });
      for (let round = 0; round < 4; round++) expect((await rotate()).status).toBe(200);
      const signatures = async () =>
        String((await next('/often', 'often.thing')).headers['webhook-signature']).split(' ').length;
      expect(await signatures()).toBe(5);
      expect(await rotate()).toMatchObject({ status: 422, body: { errors: [{ path: 'overlapSeconds' }] } });
      expect((await rotate(604_801)).status).toBe(422);
      expect((await rotate(0)).status).toBe(200);
      expect(await signatures()).toBe(1);
    });

    it("is in no log, and in no header's", async () => {
      const logs = join(posthorn.directory, 'logs');
      const texts = (await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8'));
      const log = (await Promise.all(texts)).join('\n');
      expect(log).toContain('delivery.attempted');
      expect(log).not.toMatch(/whsec_|whsk_|canary-5b1e/);
    });
  });
});
