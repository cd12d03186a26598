import type { FieldError } from '#libs/contracts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const one = [
  'additionalProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
  'items',
  'contains',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
] as const;
const list = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
const named = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'] as const;
const references = ['$ref', '$dynamicRef'] as const;
/** Those that would begin another document, or are of another draft. */
const refused = ['$id', '$recursiveRef', '$recursiveAnchor', '$vocabulary', 'dependencies'] as const;
const counted = ['required', 'enum', 'properties', 'dependentRequired', 'patternProperties'] as const;

const maxDepth = 32;
const maxSubschemas = 500;

/** The keyword by which each subschema says what looking at it costs. */
export const costKeyword = 'posthornCost';

export interface Walked {
  readonly schema: JsonSchema;
  readonly faults: readonly FieldError[];
}

/**
 * Goes through a schema as the rules of JSON Schema 2020-12 place subschemas. Gives a copy in which each has its cost,
 * and what is wrong: too many or too deep, or a reference to something else than one of them.
 */
export function walkSchema(root: JsonSchema): Walked {
  const walk = new Walk();
  const { $schema: _, ...rest } = root;
  const schema = walk.subschema(rest, '#', 0) as JsonSchema;
  return { schema, faults: [...dialectFaults(root), ...walk.end()] };
}

function dialectFaults({ $schema }: JsonSchema): FieldError[] {
  if ($schema === undefined || $schema === 'https://json-schema.org/draft/2020-12/schema') return [];
  return [{ path: '$schema', message: 'must be https://json-schema.org/draft/2020-12/schema, or not there' }];
}

class Walk {
  readonly #faults: FieldError[] = [];
  readonly #targets = new Set<unknown>();
  readonly #references: { target: unknown; path: string }[] = [];
  #count = 0;

  /** @returns a copy; booleans, and what is no schema at all, as they are. */
  subschema(schema: unknown, path: string, depth: number): unknown {
    this.#targets.add(path);
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return schema;
    if (depth > maxDepth || ++this.#count > maxSubschemas) {
      const message = `may have ${maxSubschemas} schemas in it, ${maxDepth} levels deep`;
      if (!this.#faults.some((fault) => fault.message === message)) this.#fault(path, message);
      return true;
    }
    const given = schema as Record<string, unknown>;
    this.#note(given, path);
    const inside = (value: unknown, at: string) => this.subschema(value, `${path}/${at}`, depth + 1);
    return { ...given, ...copyOf(given, inside), [costKeyword]: costOf(given) };
  }

  end(): FieldError[] {
    for (const { target, path } of this.#references) {
      if (!this.#targets.has(target)) this.#fault(path, 'must refer to a schema in this one: #/$defs/…');
    }
    return this.#faults;
  }

  #note(schema: Record<string, unknown>, path: string): void {
    for (const keyword of refused)
      if (keyword in schema) this.#fault(`${path}/${keyword}`, 'is not allowed here');
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      if (keyword in schema) this.#targets.add(`#${String(schema[keyword])}`);
    }
    for (const keyword of references) {
      if (keyword in schema) this.#references.push({ target: schema[keyword], path: `${path}/${keyword}` });
    }
  }

  #fault(path: string, message: string): void {
    this.#faults.push({ path, message });
  }
}

function copyOf(
  schema: Record<string, unknown>,
  inside: (value: unknown, at: string) => unknown,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const keyword of one) if (keyword in schema) copy[keyword] = inside(schema[keyword], keyword);
  for (const keyword of list) {
    const items: unknown = schema[keyword];
    if (Array.isArray(items)) {
      copy[keyword] = items.map((item, index) => inside(item, `${keyword}/${index}`));
    }
  }
  for (const keyword of named) {
    const members = schema[keyword];
    if (typeof members !== 'object' || members === null) continue;
    copy[keyword] = Object.fromEntries(
      Object.entries(members).map(([name, value]) => [
        name,
        inside(value, `${keyword}/${pointerPart(name)}`),
      ]),
    );
  }
  return copy;
}

/** JSON Pointer in a URI fragment, as a reference would write it. */
function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function costOf(schema: Record<string, unknown>): number {
  return counted.reduce((cost, keyword) => {
    const value = schema[keyword];
    return typeof value === 'object' && value !== null ? cost + Object.keys(value).length : cost;
  }, 1);
}
