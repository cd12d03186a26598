import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inDatabase, type ReceivedRequest, RunningPosthorn, until, WebhookReceiver } from '#libs/testing';
import { Webhook } from 'standardwebhooks';

/** Random enough to be found nowhere by chance. Hexadecimal, so that none is a part of an encoding of another. */
const canary = (name: string): string => `canary${name}${Math.random().toString(16).slice(2)}`;

/** What is ours to keep as it was given: payloads, and what names a destination. The rest holds none of them. */
const payloadColumns = new Set(['payload', 'url', 'response', 'body']);

interface Told {
  readonly secret?: string;
  readonly previous: readonly object[];
}

describe('what is secret', () => {
  const payload = canary('payload');
  const query = canary('query');
  const header = canary('header');
  let posthorn: RunningPosthorn;
  let receiver: WebhookReceiver;
  /** By what each is called in a failure. */
  let secrets: Readonly<Record<string, string>>;

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    posthorn = await RunningPosthorn.start('canaries', { RETRY_SCHEDULE: '200ms', LOG_LEVEL: 'debug' });
    await posthorn.call('PUT', '/tenants/t', {});
    const made = await posthorn.call<{ key: string }>('POST', '/api-keys', { scopes: ['events:write'] });
    receiver.answer('/broken', 500);
    const subscribe = (path: string) =>
      posthorn.call<{ id: string; secret: string }>('POST', '/tenants/t/destinations', {
        url: `${receiver.url(path)}?token=${query}`,
        eventTypes: ['#'],
        headers: { authorization: `Bearer ${header}` },
      });
    const [well] = [await subscribe('/well'), await subscribe('/broken')];
    const authorization = `Bearer ${made.body.key}`;
    const event = { type: 'a.b', data: { text: payload } };
    await posthorn.call('POST', '/tenants/t/events', event, { authorization });
    await posthorn.publishOverAmqp('nobody', JSON.stringify(event));
    await receiver.received('/well');
    await until('one to be given up', async () => {
      const { body } = await posthorn.call<{ data: object[] }>('GET', '/tenants/t/deliveries?status=failed');
      return body.data.length > 0;
    });
    await until('the message for nobody to be parked', async () => {
      const { body } = await posthorn.call<{ data: object[] }>('GET', '/parked');
      return body.data.length > 0;
    });
    const { apiKey, databaseUrl, amqpUrl, publisherAmqpUrl } = posthorn.run;
    secrets = {
      payload,
      query,
      header,
      signing: well.body.secret.replace('whsec_', ''),
      apiKey: made.body.key.split('_')[2]!.slice(0, 32),
      rootKey: apiKey,
      databasePassword: new URL(databaseUrl).password,
      brokerPassword: new URL(amqpUrl).password,
      publisherPassword: new URL(publisherAmqpUrl).password,
    };
  }, 180_000);

  afterAll(async () => {
    await receiver.stop();
    await posthorn.stop();
  }, 120_000);

  const foundIn = (text: string): string[] =>
    Object.entries(secrets)
      .filter(
        ([, secret]) =>
          text.includes(secret) ||
          text.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -2)),
      )
      .map(([name]) => name);

  describe('of a destination, when its URL gets a new origin', () => {
    let elsewhere: WebhookReceiver;
    let writer: Readonly<Record<string, string>>;

    beforeAll(async () => {
      elsewhere = await WebhookReceiver.start();
      const scopes = ['destinations:write', 'destinations:read'];
      const { body } = await posthorn.call<{ key: string }>('POST', '/api-keys', { scopes, tenantId: 't' });
      writer = { authorization: `Bearer ${body.key}` };
      await until('the key to be known', async () => (await asWriter('GET')).status === 200);
    });

    afterAll(() => elsewhere.stop());

    const asWriter = (method: string, path = '', body?: unknown) =>
      posthorn.call(method, `/tenants/t/destinations${path}`, body, writer);
    const on = (method: string, id: string, path: string, body?: unknown) =>
      posthorn.call(method, `/tenants/t/destinations/${id}${path}`, body);
    const withHeaders = (path: string) =>
      posthorn.subscribe('t', {
        url: receiver.url(path),
        eventTypes: ['none'],
        headers: { Authorization: `Bearer ${header}`, 'X-Pin': header },
      });
    const secretsOf = async (id: string) => {
      const { body } = await posthorn.call<Told>('GET', `/tenants/t/destinations/${id}/secret`);
      return body;
    };
    const isSignedBy = (secret: string | undefined, { body, headers }: ReceivedRequest): boolean => {
      try {
        new Webhook(secret!).verify(body.toString(), headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    };
    const testedAt = async (target: WebhookReceiver, path: string, id: string) => {
      const before = target.requests(path).length;
      expect((await asWriter('POST', `/${id}/test`, {})).status).toBe(200);
      return (await target.received(path, before + 1)).at(-1)!;
    };

    it('does not go there for a key that may not read it', async () => {
      const { id, secret } = await withHeaders('/moved');
      await on('POST', id, '/rotate-secret', { overlapSeconds: 3600 });
      const moved = await asWriter('PATCH', `/${id}`, {
        url: elsewhere.url('/moved'),
        headers: { 'X-Pin': '***', 'X-Own': 'given' },
      });
      expect(moved).toMatchObject({
        status: 200,
        body: {
          headers: { 'X-Own': '***' },
          warnings: [{ path: 'headers.Authorization' }, { path: 'headers.X-Pin' }, { path: 'secret' }],
        },
      });
      const request = await testedAt(elsewhere, '/moved', id);
      expect(JSON.stringify(request.headers)).not.toContain(header);
      expect(request.headers).toMatchObject({ 'x-own': 'given' });
      expect(isSignedBy(secret, request)).toBe(false);
      const now = await secretsOf(id);
      expect(now.previous).toEqual([]);
      expect(isSignedBy(now.secret, request)).toBe(true);
      const back = await asWriter('PATCH', `/${id}`, { url: receiver.url('/moved') });
      expect(back.body['warnings']).toMatchObject([{ path: 'headers.X-Own' }, { path: 'secret' }]);
      expect(isSignedBy(now.secret, await testedAt(receiver, '/moved', id))).toBe(false);
    });

    it('goes with another path, and for a key that may read it', async () => {
      const { id, secret } = await withHeaders('/kept');
      const pathOnly = await asWriter('PATCH', `/${id}`, { url: receiver.url('/kept-too?a=1') });
      expect(pathOnly.body).not.toHaveProperty('warnings');
      const moved = await on('PATCH', id, '', { url: elsewhere.url('/kept') });
      expect(moved.body).not.toHaveProperty('warnings');
      const request = await testedAt(elsewhere, '/kept', id);
      expect(request.headers).toMatchObject({ authorization: `Bearer ${header}`, 'x-pin': header });
      expect(isSignedBy(secret, request)).toBe(true);
    });
  });

  it('is in no log of a service', () => {
    const logs = join(posthorn.directory, 'logs');
    const files = readdirSync(logs).filter((file) => !/rabbitmq|postgres/.test(file));
    expect(files.length).toBeGreaterThanOrEqual(6);
    for (const file of files)
      expect([file, foundIn(readFileSync(join(logs, file), 'utf8'))]).toEqual([file, []]);
  });

  it('is in no metric', async () => {
    for (const { name, metricsUrl } of posthorn.run.services) {
      const text = await (await fetch(metricsUrl)).text();
      expect([name, foundIn(text)]).toEqual([name, []]);
    }
  });

  it('is in no error', async () => {
    const provoked = [
      await posthorn.call('GET', '/tenants/t/events', undefined, {
        authorization: `Bearer ${secrets['apiKey']}`,
      }),
      await posthorn.call('POST', '/tenants/t/events', `{"type":"${payload}!","data":1}`),
      await posthorn.call('POST', '/tenants/t/destinations', {
        url: `http://user:${header}@10.0.0.1/?${query}`,
      }),
    ];
    for (const { status, body } of provoked) {
      expect(status).toBeGreaterThanOrEqual(400);
      expect(foundIn(JSON.stringify(body))).toEqual([]);
    }
  });

  it('is in the database in columns of payloads and addresses only', async () => {
    await inDatabase(posthorn.run.databaseUrl, async (client) => {
      const { rows: columns } = await client.query<{
        table_schema: string;
        table_name: string;
        column_name: string;
      }>(
        `select table_schema, table_name, column_name from information_schema.columns
         where table_schema in ('registry', 'router', 'dispatcher', 'ledger', 'alerts')`,
      );
      const found: string[] = [];
      for (const { table_schema, table_name, column_name } of columns) {
        const { rows } = await client.query<{ text: string }>(
          `select "${column_name}"::text as text from "${table_schema}"."${table_name}" where "${column_name}" is not null`,
        );
        const inIt = foundIn(rows.map(({ text }) => readable(text)).join('\n'));
        for (const name of inIt) found.push(`${name} in ${table_schema}.${table_name}.${column_name}`);
      }
      expect(columns.length).toBeGreaterThan(50);
      expect(found.some((place) => place.startsWith('payload in ledger.'))).toBe(true);
      expect(
        found.filter(
          (place) => !payloadColumns.has(place.split('.').at(-1)!) || !/^(payload|query) /.test(place),
        ),
      ).toEqual([]);
    });
  });
});

/** Postgres shows bytes in hexadecimal. */
function readable(text: string): string {
  return /^\\{1,2}x[0-9a-f]*$/.test(text) ? Buffer.from(text.replace(/^\\+x/, ''), 'hex').toString() : text;
}
