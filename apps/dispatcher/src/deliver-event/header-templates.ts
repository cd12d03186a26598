import { type DeliveryRequested, publicTenantId } from '#libs/contracts';

type Source = Pick<
  DeliveryRequested,
  'tenantId' | 'eventId' | 'eventType' | 'timestamp' | 'deliveryId' | 'destinationId' | 'attempt'
>;

/** What a template may name in braces. Each is text that a header can have. */
const placeholders = new Map<string, (request: Source) => string>([
  ['tenantId', ({ tenantId }) => publicTenantId(tenantId)],
  ['destinationId', ({ destinationId }) => destinationId],
  ['eventId', ({ eventId }) => eventId],
  ['eventType', ({ eventType }) => eventType],
  ['eventTimestamp', ({ timestamp }) => timestamp],
  ['deliveryId', ({ deliveryId }) => deliveryId],
  ['attempt', ({ attempt }) => String(attempt)],
]);

/** The name of a header, and its value in parts: texts, and functions of a request. */
interface HeaderTemplate {
  readonly name: string;
  readonly parts: readonly (string | ((request: Source) => string))[];
}

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const value = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Those that frame a message, describe its body or sign it. */
const reserved =
  /^(?:host|content-.*|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|accept-encoding|user-agent|proxy-.*|webhook-.*|posthorn-.*)$/i;

/**
 * Reads `name: value`, where the value may name placeholders in braces.
 * @returns undefined when it is not one, or names a reserved header or an unknown placeholder.
 */
export function parseHeaderTemplate(text: string): HeaderTemplate | undefined {
  const colon = text.indexOf(':');
  const name = text.slice(0, colon).trim();
  const template = text.slice(colon + 1).trim();
  if (colon === -1 || !token.test(name) || reserved.test(name) || !value.test(template)) return undefined;
  // Texts and names of placeholders in turn.
  const pieces = template.split(/\{([^{}]*)\}/);
  const parts = pieces.map((piece, index) => (index % 2 === 0 ? literal(piece) : placeholders.get(piece)));
  return parts.every((part) => part !== undefined) ? { name, parts } : undefined;
}

/** The headers that this installation gives each webhook. */
export class WebhookHeaders {
  readonly #templates: readonly HeaderTemplate[];

  /** @param texts each is one that `parseHeaderTemplate` reads. */
  constructor(texts: readonly string[]) {
    this.#templates = texts.map(parseHeaderTemplate).filter((template) => template !== undefined);
  }

  for(request: Source): Record<string, string> {
    return Object.fromEntries(
      this.#templates.map(({ name, parts }) => [
        name,
        parts.map((part) => (typeof part === 'string' ? part : part(request))).join(''),
      ]),
    );
  }
}

function literal(text: string): string | undefined {
  return /[{}]/.test(text) ? undefined : text;
}
