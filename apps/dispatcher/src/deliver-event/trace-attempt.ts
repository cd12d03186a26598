import type { DeliveryRequested } from '#libs/contracts';
import type { PostResult } from '#libs/egress';
import { type TracedSpan, tracing } from '#libs/observability';

/**
 * The span of an attempt, if it is part of a trace. Of the URL it has the origin alone: paths and queries of webhooks
 * are often secrets.
 */
export function beginAttempt(
  request: Pick<DeliveryRequested, 'deliveryId' | 'destinationId' | 'attempt'>,
  url: string,
): TracedSpan | undefined {
  const live = tracing();
  const parent = live?.current;
  if (!live || !parent) return undefined;
  const resend = request.attempt - 1;
  return live.begin({
    name: 'POST',
    kind: 'client',
    parent,
    attributes: {
      'http.request.method': 'POST',
      ...(resend > 0 && { 'http.request.resend_count': resend }),
      ...addressOf(url),
      'posthorn.delivery_id': request.deliveryId,
      'posthorn.destination_id': request.destinationId,
      'posthorn.attempt': request.attempt,
    },
  });
}

export function endAttempt(span: TracedSpan, posted: PostResult): void {
  if (posted.result === 'failed') return span.end(posted.errorClass);
  const { statusCode } = posted;
  span.add({ 'http.response.status_code': statusCode });
  return span.end(statusCode >= 200 && statusCode < 300 ? undefined : String(statusCode));
}

const portOf: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** `REDACTED` is the word that OpenTelemetry has for what is left out of a URL. */
export function addressOf(url: string): Readonly<Record<string, string | number>> {
  const parsed = URL.parse(url);
  if (!parsed) return {};
  const { protocol, hostname, port, origin, pathname, search } = parsed;
  return {
    'url.full': pathname === '/' && search === '' ? `${origin}/` : `${origin}/REDACTED`,
    'url.scheme': protocol.slice(0, -1),
    'server.address': hostname,
    'server.port': port === '' ? (portOf[protocol] ?? 0) : Number(port),
  };
}
