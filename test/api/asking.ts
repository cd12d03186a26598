import fc from 'fast-check';
import { type ApiDocument, exampleOf, headersOf, type Operation, type Parameter } from './api-document.js';
import { arbitraryOf } from './arbitrary-of.js';
import type { TenantWorld } from './tenant-world.js';

/** A request to an operation. */
export interface Asked {
  /** `right`: as the document allows; `bent`: one thing of it is wrong. */
  readonly kind: 'right' | 'bent';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Requests to an operation: as its document allows, and with one thing wrong. What it deletes is none of the world. */
export function askingArbitrary(
  operation: Operation,
  document: ApiDocument,
  world: TenantWorld,
): fc.Arbitrary<Asked> {
  const right = rightArbitrary(operation, document, world);
  return fc.oneof(
    right,
    right.chain((asked) => bentArbitrary(asked)),
  );
}

const oddIds = [
  '0',
  'dst_no',
  'a'.repeat(300),
  'ä€',
  '%00',
  '..%2f..',
  "'--",
  'a b',
  'evt_ZZZZZZZZZZZZZZZZZZZZZZZZZZ',
];

function rightArbitrary(
  operation: Operation,
  document: ApiDocument,
  world: TenantWorld,
): fc.Arbitrary<Asked> {
  const path = pathArbitrary(operation, world);
  const query = fc.record(
    Object.fromEntries(
      parametersIn(operation, 'query')
        .filter(({ name }) => name !== 'cursor')
        .map(({ name, schema }) => [name, arbitraryOf(schema, (ref) => document.component(ref))] as const),
    ),
    { requiredKeys: [] },
  );
  return fc.tuple(path, query, bodyArbitrary(operation, document)).map(([at, values, body]) => {
    const search = new URLSearchParams(
      Object.entries(values).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return { kind: 'right' as const, path: search.size > 0 ? `${at}?${search.toString()}` : at, ...body };
  });
}

function pathArbitrary({ method, path }: Operation, world: TenantWorld): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const valueOf = (name: string): fc.Arbitrary<string> => {
    const known = world[name];
    const odd = fc.oneof(fc.constantFrom(...oddIds), fc.stringMatching(/^[\w-]{1,40}$/));
    if (known === undefined || (method === 'delete' && name === names.at(-1))) return odd;
    return fc.oneof({ weight: 4, arbitrary: fc.constant(known) }, { weight: 1, arbitrary: odd });
  };
  return fc
    .record(Object.fromEntries(names.map((name) => [name, valueOf(name)])))
    .map((values) =>
      path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? '')),
    );
}

function bodyArbitrary(
  operation: Operation,
  document: ApiDocument,
): fc.Arbitrary<Pick<Asked, 'headers' | 'body'>> {
  const arbitraries = Object.entries(operation.bodies).map(([mediaType, { schema, example }]) =>
    fc
      .tuple(
        fc.oneof(
          { weight: 3, arbitrary: arbitraryOf(schema, (ref) => document.component(ref)) },
          { weight: 1, arbitrary: fc.constant(example) },
        ),
        headersArbitrary(operation, mediaType),
      )
      .map(([value, headers]) => ({
        headers,
        body: mediaType.endsWith('json') ? JSON.stringify(value) : String(value),
      })),
  );
  return arbitraries.length > 0 ? fc.oneof(...arbitraries) : fc.constant({ headers: {} });
}

function headersArbitrary(
  operation: Operation,
  mediaType: string,
): fc.Arbitrary<Readonly<Record<string, string>>> {
  const values = operation.parameters
    .filter((parameter) => parameter.in === 'header')
    .map((parameter) =>
      fc
        .oneof(
          fc.constant(exampleOf(parameter)),
          arbitraryOf(parameter.schema, () => ({})),
        )
        .map((value) => [parameter.name, value] as const),
    );
  return fc.tuple(...values).map((given) => {
    const byName = new Map<string, unknown>(given);
    return headersOf(operation, mediaType, ({ name }) => byName.get(name));
  });
}

const brokenBodies = [
  '',
  '{',
  '[]',
  'null',
  '"text"',
  '{"a":1,"a":2}',
  '{"__proto__":{}}',
  '{"unknown":1}',
  '{"type":{},"url":{},"scopes":{},"eventTypes":{},"destinationIds":{},"metadata":[]}',
  `{"metadata":${'['.repeat(100)}${']'.repeat(100)}}`,
];

/** One thing is wrong: the key, the content type, the query or the body. */
function bentArbitrary(asked: Asked): fc.Arbitrary<Asked> {
  const hasBody = asked.body !== undefined;
  const more = (name: string, value: string) =>
    `${asked.path}${asked.path.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
  const bend = (change: Partial<Asked>): Asked => ({ ...asked, ...change, kind: 'bent' });
  const text = fc.string({ maxLength: 30 });
  return fc.oneof(
    fc
      .constantFrom('', 'Bearer', 'Bearer wrong', 'Basic YTpi', `Bearer phk_${'A'.repeat(64)}`)
      .map((authorization) => bend({ headers: { ...asked.headers, authorization } })),
    fc
      .tuple(fc.constantFrom('limit', 'cursor', 'after', 'before', 'status', 'colour'), text)
      .map(([name, value]) => bend({ path: more(name, value) })),
    fc.constantFrom('0', '-1', '1e9', '1.5').map((limit) => bend({ path: more('limit', limit) })),
    ...(hasBody
      ? [
          fc
            .constantFrom('text/plain', 'application/xml', 'multipart/form-data', 'a/b;c')
            .map((type) => bend({ headers: { ...asked.headers, 'content-type': type } })),
          fc.constantFrom(...brokenBodies).map((body) => bend({ body })),
          fc
            .uint8Array({ minLength: 1, maxLength: 40 })
            .map((bytes) => bend({ body: Uint8Array.from(bytes) })),
          fc.constant(bend({ headers: { ...asked.headers, 'content-encoding': 'gzip' } })),
        ]
      : []),
  );
}

function parametersIn({ parameters }: Operation, where: Parameter['in']): Parameter[] {
  return parameters.filter((parameter) => parameter.in === where);
}
