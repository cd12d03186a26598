import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

export type Schema = Readonly<Record<string, unknown>>;

interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** What a key must be allowed; undefined where none is needed. */
  readonly scope: string | undefined;
  readonly parameters: readonly Parameter[];
  /** By media type. */
  readonly bodies: Readonly<Record<string, Media>>;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

interface Described extends Omit<Operation, 'id' | 'method' | 'path' | 'scope' | 'bodies' | 'parameters'> {
  readonly parameters?: readonly Parameter[];
  readonly operationId: string;
  readonly security: readonly { readonly key?: readonly string[] }[];
  readonly requestBody?: { readonly content: Operation['bodies'] };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/**
 * What goes with a body of a media type. Of any type is a CloudEvent in binary mode: its attributes are headers, each
 * of which `valueOf` gives a value.
 */
export function headersOf(
  { parameters }: Operation,
  mediaType: string,
  valueOf: (parameter: Parameter) => unknown,
): Record<string, string> {
  if (mediaType !== '*/*') return { 'content-type': mediaType };
  const attributes = parameters.filter(({ name }) => name.startsWith('ce-'));
  const values = attributes.map((parameter) => [parameter.name, valueOf(parameter)] as const);
  return {
    'content-type': 'text/xml',
    ...Object.fromEntries(
      values
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, encodeURIComponent(String(value))]),
    ),
  };
}

/** The value that the document gives as an example, if it gives one. */
export function exampleOf({ schema }: Parameter): unknown {
  return schema['const'] ?? (schema['examples'] as unknown[] | undefined)?.[0];
}

export interface Received {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** What a gateway says of itself, and whether an answer is one that it said it could give. */
export class ApiDocument {
  readonly operations: readonly Operation[];
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });

  private constructor(private readonly document: Document) {
    formats.default(this.#ajv);
    this.#ajv.addSchema(withoutMore(document) as object, 'api');
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => operationOf(method, path, described)),
    );
  }

  static async read(apiUrl: string): Promise<ApiDocument> {
    return new ApiDocument((await (await fetch(`${apiUrl}/openapi.json`)).json()) as Document);
  }

  component(ref: string): Schema {
    return this.document.components.schemas[ref.slice(ref.lastIndexOf('/') + 1)] ?? {};
  }

  /** @returns what of the answer the document does not say; undefined if it says all of it. */
  faultOf(
    { path, method, responses }: Operation,
    { status, contentType, text }: Received,
  ): string | undefined {
    const response = responses[String(status)];
    if (!response) return `${status} is not in the document: ${text.slice(0, 300)}`;
    const { content } = response;
    if (!content) return text === '' ? undefined : `${status} has a body: ${text.slice(0, 300)}`;
    const mediaType = mediaTypeOf(contentType);
    if (!content[mediaType]) return `${status} has the content type ${mediaType}`;
    if (!mediaType.endsWith('json')) return undefined;
    const pointer = ['paths', path, method, 'responses', String(status), 'content', mediaType, 'schema'];
    const validate = this.#ajv.compile({ $ref: `api#/${pointer.map(escaped).join('/')}` });
    if (validate(JSON.parse(text))) return undefined;
    return `${status} is not by its schema: ${this.#ajv.errorsText(validate.errors)} in ${text.slice(0, 300)}`;
  }
}

function mediaTypeOf(contentType: string | undefined): string {
  return contentType?.split(';')[0] ?? 'none';
}

function operationOf(method: string, path: string, described: Described): Operation {
  const { operationId: id, security, parameters = [], requestBody, responses } = described;
  const bodies = requestBody?.content ?? {};
  return { id, method, path, scope: security[0]?.key?.[0], parameters, bodies, responses };
}

/** What an answer has beside what is described is as wrong as what it lacks, though a client has to bear it. */
function withoutMore(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMore);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutMore(inner)]));
  const isObject = copy['type'] === 'object' && typeof copy['properties'] === 'object';
  return isObject && copy['additionalProperties'] === undefined
    ? { ...copy, additionalProperties: false }
    : copy;
}

function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}
