import { type JsonSchema, type ProblemCode, problemDocument, problemStatus } from '#libs/contracts';

/** Of each error: what it says. The compiler asks for a line here when one is added. */
const meanings: { readonly [Code in ProblemCode]: string } = {
  invalid_json: 'The body is not JSON, or the request could not be read.',
  invalid_utf8: 'The body is not UTF-8.',
  json_too_deep: 'The body is nested too deep.',
  invalid_cursor: 'The cursor is not one that this list gave out for these filters.',
  invalid_query: 'A parameter of the query is wrong, or not known; `errors` names it.',
  unauthenticated: 'There is no key, or it is not known.',
  insufficient_scope: 'The key may not do this.',
  not_found: "There is no such thing, or it is another tenant's.",
  method_not_allowed: 'This address does not know that method.',
  destination_deleted: 'The destination was deleted: nothing goes there any more.',
  payload_expired: 'The payload is past its retention, or was erased: there is nothing left to send.',
  limit_reached: 'There are as many of these as there may be: delete those that nobody needs.',
  payload_too_large: 'The body is too large.',
  unsupported_media_type: 'The body has a media type or an encoding that is not read here.',
  schema_mismatch: 'The data is not as the schema of its event type has it.',
  validation_failed: 'The body is not as it must be; `errors` names each wrong field.',
  destination_url_denied: 'The URL is none that webhooks are sent to.',
  header_not_allowed: 'A header is none that a webhook may have; `errors` names it.',
  too_many_hops: 'The event was caused by too many webhooks in a row: it is part of a loop.',
  idempotency_key_reused: 'The key was sent before, with another body.',
  rate_limited: 'More calls, events or bytes than this key, this tenant or this route may have in a second.',
  too_many_replays: 'The tenant has too many replays that are not over.',
  internal_error: 'Something failed that should not. The log says what, under the requestId.',
  unavailable: 'Something that this needs is away for a moment. Asking again is safe.',
};

/** Several codes of one status are one response. */
export function describeProblems(codes: readonly ProblemCode[]): JsonSchema {
  const byStatus = Object.entries(Object.groupBy(codes, (code) => String(problemStatus[code])));
  return Object.fromEntries(
    byStatus.map(([status, those = []]) => [status, responseOf(Number(status), those)]),
  );
}

function responseOf(status: number, codes: readonly ProblemCode[]): JsonSchema {
  const headers = {
    'x-request-id': { $ref: '#/components/headers/x-request-id' },
    ...(status === 401 && { 'www-authenticate': { $ref: '#/components/headers/www-authenticate' } }),
    ...((status === 429 || status === 503) && {
      'retry-after': { $ref: '#/components/headers/retry-after' },
    }),
  };
  const schema = {
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    properties: { status: { const: status }, code: { enum: codes } },
  };
  const examples = Object.fromEntries(
    codes.map((code) => [code, { value: problemDocument({ code, detail: meanings[code] }, 'req_…') }]),
  );
  return {
    description: codes.map((code) => `\`${code}\`: ${meanings[code]}`).join('\n\n'),
    headers,
    content: { 'application/problem+json': { schema, examples } },
  };
}
