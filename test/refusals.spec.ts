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

  it.each(wrongFields)('names the wrong field: $body → $field', async ({ path, body, field }) => {
    const answer = await posthorn.call<{ code: string; errors: { path: string }[] }>('POST', path, body);
    expect([answer.status, answer.body.code]).toEqual([422, 'validation_failed']);
    expect(answer.body.errors.map((error) => error.path)).toEqual([field]);
  });
});
