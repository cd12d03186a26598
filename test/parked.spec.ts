import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { connect } from 'amqplib';

interface Parked {
  readonly id: string;
  readonly reason: string;
  readonly routingKey: string;
  readonly body: string | null;
}

interface Listed {
  readonly data: readonly Parked[];
  readonly nextCursor: string | null;
}

const event = (type: string) => `{"type":"${type}","data":{"a":1.0}}`;

describe('what Posthorn could not process', () => {
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('parked');
    await subscribed('known');
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const subscribed = async (tenantId: string): Promise<void> => {
    await posthorn.call('PUT', `/tenants/${tenantId}`, {});
    const destination = { url: receiver.url(`/${tenantId}`), eventTypes: ['#'] };
    expect((await posthorn.call('POST', `/tenants/${tenantId}/destinations`, destination)).status).toBe(201);
  };

  const list = async (query = ''): Promise<Listed> =>
    (await posthorn.call<Listed>('GET', `/parked${query}`)).body;

  const parkedOf = (tenantId: string, count = 1): Promise<readonly Parked[]> =>
    until(`what is parked of ${tenantId}`, async () => {
      const found = (await list()).data.filter(({ routingKey }) => routingKey === tenantId);
      return found.length === count && found;
    });

  it('is listed with its reason, its body and its origin, and its neighbours go on', async () => {
    await Promise.all([
      posthorn.publishOverAmqp('nobody', event('a.b'), { messageId: 'for-nobody' }),
      posthorn.publishOverAmqp('known', event('goes.on')),
    ]);
    await receiver.received('/known');
    const [parked] = await parkedOf('nobody');
    expect(parked).toEqual({
      id: expect.stringMatching(/^prk_[0-9A-Z]{26}$/) as unknown,
      reason: expect.stringContaining('not_found') as unknown,
      parkedAt: expect.any(String) as unknown,
      queue: 'gateway.ingest-event',
      exchange: 'posthorn.ingest',
      routingKey: 'nobody',
      messageId: 'for-nobody',
      contentType: null,
      bodyBytes: event('a.b').length,
      body: event('a.b'),
    });
    const shown = await posthorn.call('GET', `/parked/${parked?.id}`);
    expect(shown.body).toEqual({ ...parked, properties: { messageId: 'for-nobody', headers: {} } });
  });

  it('is delivered when it is put back after its cause is gone, under its own id', async () => {
    await posthorn.publishOverAmqp('late', event('put.back'), { messageId: 'its-own-id' });
    const [parked] = await parkedOf('late');
    await subscribed('late');
    const answer = await posthorn.call('POST', '/parked/redrive', { ids: [parked?.id] });
    expect([answer.status, answer.body]).toEqual([200, { redriven: 1, failed: 0, hasMore: false }]);
    const [request] = await receiver.received('/late');
    expect(request?.headers['webhook-id']).toBe('its-own-id');
    expect(request?.body.toString()).toContain('"data":{"a":1.0}');
    expect((await posthorn.call('GET', `/parked/${parked?.id}`)).status).toBe(404);
  });

  it('is parked again, once, when its cause is still there', async () => {
    await posthorn.publishOverAmqp('never', event('put.back'));
    const [before] = await parkedOf('never');
    const redrive = { queue: 'gateway.ingest-event', ids: [before?.id] };
    expect((await posthorn.call('POST', '/parked/redrive', redrive)).body).toMatchObject({ redriven: 1 });
    await until('it is parked again', async () => (await parkedOf('never'))[0]?.id !== before?.id);
    const [after] = await parkedOf('never');
    expect(after).toMatchObject({ reason: before?.reason, body: before?.body });
  });

  it('is gone when it is dropped, and nothing else with it', async () => {
    await Promise.all([1, 2].map((number) => posthorn.publishOverAmqp('dropped', event(`a.b${number}`))));
    const [first, second] = await parkedOf('dropped', 2);
    expect((await posthorn.call('DELETE', `/parked/${first?.id}`)).status).toBe(204);
    expect((await posthorn.call('DELETE', `/parked/${first?.id}`)).status).toBe(404);
    expect(await parkedOf('dropped')).toEqual([second]);
  });

  it('is listed by pages and by queue, the newest first', async () => {
    for (const number of [1, 2, 3]) {
      await posthorn.publishOverAmqp('pages', event(`a.b${number}`));
      await parkedOf('pages', number);
    }
    const query = '?queue=gateway.ingest-event&limit=2';
    const first = await list(query);
    const second = await list(`${query}&cursor=${first.nextCursor}`);
    expect([...first.data, ...second.data].slice(0, 3).map(({ body }) => body)).toEqual(
      [3, 2, 1].map((number) => event(`a.b${number}`)),
    );
    expect((await list('?queue=router.route-event')).data).toEqual([]);
  });

  it('of a queue is put back all at once, and answered with how many', async () => {
    const ids = new Set((await list('?limit=250')).data.map(({ id }) => id));
    const { body } = await posthorn.call('POST', '/parked/redrive', { queue: 'gateway.ingest-event' });
    expect(body).toEqual({ redriven: ids.size, failed: 0, hasMore: false });
    await until('new ones in their place', async () => {
      const { data } = await list('?limit=250');
      return data.length === ids.size && data.every(({ id }) => !ids.has(id));
    });
  });

  describe('the audit', () => {
    interface Audited {
      readonly id: string;
      readonly action: string;
      readonly object: { readonly type: string; readonly id: string };
    }
    const audit = async (query: string) => {
      const { body } = await posthorn.call<{ data: Audited[]; nextCursor: string | null }>(
        'GET',
        `/audit?${query}`,
      );
      return body;
    };

    it('has what was put back and dropped, beside what the registry changed, page by page', async () => {
      const all = (await audit('limit=250')).data;
      expect(new Set(all.map(({ action }) => action))).toEqual(
        new Set(['tenant.created', 'destination.created', 'dead-letter.redriven', 'dead-letter.dropped']),
      );
      const paged: Audited[] = [];
      for (let cursor = ''; ;) {
        const page = await audit(`limit=3${cursor}`);
        paged.push(...page.data);
        if (page.nextCursor === null) break;
        cursor = `&cursor=${page.nextCursor}`;
      }
      expect(paged).toEqual(all);
      expect(all.map(({ id }) => id)).toEqual(
        all
          .map(({ id }) => id)
          .toSorted()
          .toReversed(),
      );
    });

    it('tells which key did what, and shows no secret', async () => {
      const key = await posthorn.call<{ id: string; key: string }>('POST', '/api-keys', {
        scopes: ['destinations:write', 'secrets:read'],
        tenantId: 'known',
      });
      const as = { authorization: `Bearer ${key.body.key}` };
      const path = '/tenants/known/destinations';
      const url = `${receiver.url('/audited')}?token=canary`;
      const made = await until('the key to be known', async () => {
        const answer = await posthorn.call('POST', path, { url, headers: { 'X-Pin': 'canary' } }, as);
        return answer.status === 201 ? answer : undefined;
      });
      const id = String(made.body['id']);
      await posthorn.call('PATCH', `${path}/${id}`, { enabled: false, headers: { 'X-Pin': 'canary2' } }, as);
      await posthorn.call('GET', `${path}/${id}/secret`, undefined, as);
      const { data } = await audit(`objectId=${id}&actor=${key.body.id}`);
      expect(data).toMatchObject([
        { action: 'destination.secret-revealed', before: null, after: null },
        {
          action: 'destination.updated',
          object: { type: 'destination', id },
          tenantId: 'known',
          before: { enabled: true, 'headers.X-Pin': '***' },
          after: { enabled: false, disabledReason: 'disabled by its owner', 'headers.X-Pin': '***' },
          address: '127.0.0.1',
          requestId: expect.stringMatching(/^req_/) as unknown,
          result: 'success',
        },
        { action: 'destination.created', after: { secret: '***', enabled: true } },
      ]);
      expect(JSON.stringify(data)).not.toMatch(/canary|whsec_/);
      expect((await audit(`action=api-key.created&tenantId=known`)).data).toMatchObject([
        { actor: 'root', object: { type: 'api-key', id: key.body.id } },
      ]);
      expect((await posthorn.call('GET', '/audit', undefined, as)).status).toBe(403);
    });
  });

  describe('the services', () => {
    it('have the keys that they need and no others', () => {
      if (process.platform !== 'linux') {
        process.stdout.write('skipped: the environment of a process is read from /proc, which is of Linux\n');
        return;
      }
      const keys = posthorn.run.services.map(({ name, pid }) => {
        const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        const names = variables.map((variable) => variable.split('=')[0] ?? '');
        return [name, names.filter((one) => /_(ROOT_KEY|KEY_PEPPER|MASTER_KEY)$/.test(one)).toSorted()];
      });
      expect(Object.fromEntries(keys)).toEqual({
        gateway: ['POSTHORN_KEY_PEPPER', 'POSTHORN_ROOT_KEY'],
        registry: ['POSTHORN_MASTER_KEY'],
        dispatcher: ['POSTHORN_MASTER_KEY'],
        router: [],
        ledger: [],
        alerts: [],
      });
    });

    it('keep their state and logs for their own user', () => {
      const state = readdirSync(posthorn.directory);
      expect(state).toEqual(expect.arrayContaining(['logs', 'run.json', 'secrets.json']));
      const readable = [...state, 'logs/gateway.log'].filter(
        (name) => (statSync(join(posthorn.directory, name)).mode & 0o077) !== 0,
      );
      expect(readable).toEqual([]);
    });

    it('stay ready, and log once, when broadcasts that cannot be read reach every gateway', async () => {
      const connection = await connect(posthorn.run.amqpUrl);
      const channel = await connection.createConfirmChannel();
      for (let times = 0; times < 20; times++)
        channel.publish('posthorn', 'api-key.changed.v1', Buffer.from('{"probe":1}'));
      await channel.waitForConfirms();
      await connection.close();
      const log = join(posthorn.directory, 'logs', 'gateway.log');
      const dropped = (): string[] =>
        readFileSync(log, 'utf8')
          .split('\n')
          .filter((line) => line.includes('broadcast.dropped'));
      await until('the line about it', () => dropped().length > 0);
      expect((await fetch(`${posthorn.run.apiUrl}/health/ready`)).status).toBe(200);
      expect((await posthorn.call('GET', '/tenants')).status).toBe(200);
      expect(dropped()).toHaveLength(1);
    });
  });
});
