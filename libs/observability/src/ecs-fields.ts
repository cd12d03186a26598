import { publicTenantId } from '#libs/contracts';

type Fields = Readonly<Record<string, unknown>>;

/** Where the Elastic Common Schema has a name for one of our fields; every other one is `posthorn.…`. */
const schema: Readonly<Record<string, string>> = {
  context: 'log.logger',
  error: 'error.message',
  outcome: 'event.outcome',
  path: 'url.path',
  pid: 'process.pid',
  reason: 'event.reason',
  requestId: 'http.request.id',
  requestMethod: 'http.request.method',
  spanId: 'span.id',
  stack: 'error.stack_trace',
  startedAt: 'event.start',
  statusCode: 'http.response.status_code',
  traceId: 'trace.id',
};

/** What must not be in a log, wherever it comes from: signing secrets, API keys, passwords in addresses. */
const secrets = /\b(?:whsec|whsk|phk)_[A-Za-z0-9+/=_-]+|(?<=:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g;

/** Our fields under the names of the Elastic Common Schema: `deliveryId` is `posthorn.delivery_id`. */
export function ecsFields(name: string, fields: Fields): Record<string, unknown> {
  const { durationMs, result, tenantId, ...rest } = fields;
  const renamed: Record<string, unknown> = { 'event.action': name };
  if (typeof tenantId === 'string') renamed['posthorn.tenant_id'] = publicTenantId(tenantId);
  for (const [key, value] of Object.entries(rest))
    if (value !== undefined) renamed[schema[key] ?? `posthorn.${snakeCase(key)}`] = withoutSecrets(value);
  // In nanoseconds, by the schema.
  if (typeof durationMs === 'number') renamed['event.duration'] = Math.round(durationMs * 1e6);
  if (typeof result === 'string') {
    renamed['posthorn.result'] = result;
    renamed['event.outcome'] = result === 'delivered' ? 'success' : 'failure';
  }
  return renamed;
}

/** Also of what is nested: what a text hides in an object is a text, too. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(secrets, '[secret]');
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
