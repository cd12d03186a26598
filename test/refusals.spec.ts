import { RunningPosthorn } from '#libs/testing';

const event = '{"type":"a.b","data":1}';
const events = '/tenants/t/events';
const destinations = '/tenants/t/destinations';

interface Refusal {
  readonly what: string;
  readonly status: number;
  readonly code: string;
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Under the policy of `npm start`: http is allowed, and every port. */
const refusedUrls: readonly [url: string, message: string][] = [
  ['http://user:pw@127.0.0.1/', '`headers`'],
  ['http://127.0.0.1/x#frag', 'fragment'],
  ['http://127.0.0.1/x ', 'white space'],
  ['localhost:9000/x', 'must begin with'],
  ['ftp://127.0.0.1/', 'must begin with'],
  ['http://localhost:0/', 'port'],
  [`http://127.0.0.1/${'ø'.repeat(1000)}`, '2048'],
  ['http://10.0.0.1/', 'public address'],
];

const refusals: readonly Refusal[] = [
  { what: 'no key', status: 401, code: 'unauthenticated', headers: { authorization: '' } },
  {
    what: 'an unknown key',
    status: 401,
    code: 'unauthenticated',
    headers: { authorization: 'Bearer wrong' },
  },
  { what: 'an unknown tenant', status: 404, code: 'not_found', path: '/tenants/nobody/events' },
  {
    what: 'an unknown destination',
    status: 404,
    code: 'not_found',
    method: 'GET',
    path: `${destinations}/dst_no`,
  },
  { what: 'an unknown route', status: 404, code: 'not_found', method: 'GET', path: '/nowhere' },
  { what: 'a body that is not JSON', status: 400, code: 'invalid_json', body: '{"type":' },
  { what: 'a body that is not UTF-8', status: 400, code: 'invalid_utf8', body: new Uint8Array([0xff]) },
  {
    what: 'a body too deep',
    status: 400,
    code: 'json_too_deep',
    body: `{"type":"a","data":${'['.repeat(70)}${']'.repeat(70)}}`,
  },
  {
    what: 'a payload too large',
    status: 413,
    code: 'payload_too_large',
    body: `{"type":"a","data":"${'x'.repeat(262_144)}"}`,
  },
  {
    what: 'another content type',
    status: 415,
    code: 'unsupported_media_type',
    headers: { 'content-type': 'text/plain' },
  },
  {
    what: 'a cursor that was changed',
    status: 400,
    code: 'invalid_cursor',
    method: 'GET',
    path: `${events}?cursor=a`,
  },
  {
    what: 'a destination in a network that is not allowed',
    status: 422,
    code: 'destination_url_denied',
    path: destinations,
    body: '{"url":"http://10.0.0.1/","eventTypes":["#"]}',
  },
];

const wrongFields = [
  { path: events, body: '{"data":1}', field: 'type' },
  { path: events, body: '{"type":"a b","data":1}', field: 'type' },
  { path: events, body: '{"type":"a"}', field: 'data' },
  { path: events, body: '{"type":"a","data":1,"colour":"red"}', field: 'colour' },
  { path: destinations, body: '{"eventTypes":["#"]}', field: 'url' },
  { path: destinations, body: '{"url":"https://example.com/","eventTypes":["a b"]}', field: 'eventTypes' },
  {
    path: destinations,
    body: '{"url":"https://example.com/","retrySchedule":["999ms"]}',
    field: 'retrySchedule',
  },
];

describe('the API', () => {
  let posthorn: RunningPosthorn;

  beforeAll(async () => {
    posthorn = await RunningPosthorn.start('refusals');
    await posthorn.call('PUT', '/tenants/t', {});
  }, 180_000);

  afterAll(() => posthorn.stop(), 120_000);

  it.each(refusals)('refuses $what as problem+json: $status $code', async ({ status, code, ...request }) => {
    const { method = 'POST', path = events, headers } = request;
    const body = method === 'GET' ? undefined : (request.body ?? event);
    const answer = await posthorn.call(method, path, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status, code, requestId: answer.headers.get('x-request-id') });
  });

  const ask = (method: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(posthorn.run.apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${posthorn.run.apiKey}` },
      ...init,
    });

  it.each([
    ['POST', '/v1/tenants/t/events/', 404, '/v1/tenants/t/events'],
    ['GET', '/v1/tenants/t/', 404, '/v1/tenants/t'],
    ['OPTIONS', '/v1/tenants/t/', 404, '/v1/tenants/t'],
    ['GET', '//v1//tenants', 404, '/v1/tenants'],
    ['GET', '/v1/Tenants', 404, undefined],
    ['GET', '/v1/tenants/t%2Fevents', 404, undefined],
    ['GET', '/v1/ten%61nts', 200, undefined],
    ['GET', '/v1/tenants?a=/', 400, undefined],
  ])('reads %s %s as its router does: %d', async (method, path, status, address) => {
    const answer = await ask(method, path);
    expect(answer.status).toBe(status);
    if (address === undefined) return;
    expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(`: ${address}$`) as unknown });
  });

  it.each([
    ['/v1/parked/redrive', 'POST, OPTIONS'],
    ['/v1/parked/prk_1', 'GET, HEAD, DELETE, OPTIONS'],
    // An event may be called so.
    ['/v1/tenants/t/events/batch', 'POST, GET, HEAD, OPTIONS'],
    ['/v1/tenants/t/destinations/dst_1', 'GET, HEAD, DELETE, PATCH, OPTIONS'],
  ])('says which verbs %s has, and refuses the others', async (path, allowed) => {
    const options = await ask('OPTIONS', path);
    expect([options.status, options.headers.get('allow')]).toEqual([204, allowed]);
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
    const refused = (await Promise.all(methods.map((method) => ask(method, path)))).map(
      ({ status, headers }) => (status === 405 ? headers.get('allow') : null),
    );
    expect(refused).toEqual(methods.map((method) => (allowed.includes(method) ? null : allowed)));
  });

  it.each([
    'deliveries/dlv_1/retry',
    'replays/rpl_1/cancel',
    'destinations/dst_1/enable',
    'destinations/dst_1/test',
  ])('takes no bytes for no body, and a body with fields for an error: %s', async (path) => {
    const send = async (type: string, body: string): Promise<number> => {
      const headers = { authorization: `Bearer ${posthorn.run.apiKey}`, 'content-type': type };
      return (await ask('POST', `/v1/tenants/t/${path}`, { headers, body })).status;
    };
    const form = 'application/x-www-form-urlencoded';
    expect([await send(form, ''), await send('no/such', ''), await send('', '')]).toEqual([404, 404, 404]);
    expect(await send('application/json', '{}')).toBe(404);
    expect(await send('application/json', '{"x":1}')).toBe(422);
    expect(await send('application/json', '{x')).toBe(400);
    expect(await send(form, 'x=1')).toBe(415);
  });

  it.each(['/openapi.json', '/asyncapi.json', '/docs'])(
    'answers %s once, compressed, and then 304',
    async (path) => {
      const first = await ask('GET', path, { headers: { 'accept-encoding': 'gzip' } });
      expect(first.headers.get('content-encoding')).toBe('gzip');
      expect(first.headers.get('cache-control')).toBe('public, max-age=300');
      const etag = first.headers.get('etag') ?? '';
      const plain = await ask('GET', path, { headers: { 'accept-encoding': 'identity' } });
      expect(await plain.text()).toBe(await first.text());
      expect(plain.headers.get('etag')).not.toBe(etag);
      const headers = { 'accept-encoding': 'gzip', 'if-none-match': etag };
      expect((await ask('GET', path, { headers })).status).toBe(304);
    },
  );

  it.each(refusedUrls)('says what of the text of a URL is wrong: %.40s', async (url, message) => {
    const answer = await posthorn.call<{ code: string; errors: object[] }>('POST', destinations, { url });
    expect([answer.status, answer.body.code]).toEqual([422, 'destination_url_denied']);
    expect(answer.body.errors).toMatchObject([
      { path: 'url', message: expect.stringContaining(message) as unknown },
    ]);
  });

  it('refuses a destination of more than 16 KiB, and says what takes them', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [n, '\u0001'.repeat(200)]));
    const body = { url: 'http://127.0.0.1:9/', metadata };
    const answer = await posthorn.call<{ errors: object[] }>('POST', destinations, body);
    expect([answer.status, answer.body.errors]).toMatchObject([422, [{ path: 'metadata' }]]);
  });

  it.each(wrongFields)('names the wrong field: $body → $field', async ({ path, body, field }) => {
    const answer = await posthorn.call<{ code: string; errors: { path: string }[] }>('POST', path, body);
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    expect(answer.body.errors.map((error) => error.path)).toEqual([field]);
  });
});
