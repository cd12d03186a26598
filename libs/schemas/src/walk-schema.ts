import type { FieldError } from '#libs/contracts';
import type { JsonSchema } from './evaluation.js';

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
const maxDepth = 32;
const maxSubschemas = 500;

export interface Walked {
  /** The schemas in it by what refers to them: `#/$defs/line`, `#anchor`. */
  readonly targets: ReadonlyMap<string, unknown>;
  readonly faults: readonly FieldError[];
}

/**
 * Goes through a schema as the rules of JSON Schema 2020-12 place subschemas, and says what is wrong: too many or too
 * deep, or a reference to something else than one of them.
 */
export function walkSchema(root: JsonSchema): Walked {
  const walk = new Walk();
  walk.subschema(root, '#', 0);
  return { targets: walk.targets, faults: [...dialectFaults(root), ...walk.end()] };
}

/** What a reference names: a fragment of a URI is percent-encoded. */
export function targetOf(reference: unknown): string {
  try {
    return decodeURIComponent(String(reference));
  } catch {
    return String(reference);
  }
}

function dialectFaults({ $schema }: JsonSchema): FieldError[] {
  if ($schema === undefined || $schema === 'https://json-schema.org/draft/2020-12/schema') return [];
  return [{ path: '$schema', message: 'must be https://json-schema.org/draft/2020-12/schema, or not there' }];
}

class Walk {
  readonly #faults: FieldError[] = [];
  readonly targets = new Map<string, unknown>();
  readonly #references: { target: unknown; path: string }[] = [];
  #count = 0;

  subschema(schema: unknown, path: string, depth: number): void {
    this.targets.set(path, schema);
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return;
    if (depth > maxDepth || ++this.#count > maxSubschemas) {
      const message = `may have ${maxSubschemas} schemas in it, ${maxDepth} levels deep`;
      if (!this.#faults.some((fault) => fault.message === message)) this.#fault(path, message);
      return;
    }
    const given = schema as Record<string, unknown>;
    this.#note(given, path);
    for (const [at, inside] of subschemasOf(given)) this.subschema(inside, `${path}/${at}`, depth + 1);
  }

  end(): FieldError[] {
    for (const { target, path } of this.#references) {
      if (!this.targets.has(targetOf(target)))
        this.#fault(path, 'must refer to a schema in this one: #/$defs/…');
    }
    return this.#faults;
  }

  #note(schema: Record<string, unknown>, path: string): void {
    for (const keyword of refused)
      if (Object.hasOwn(schema, keyword)) this.#fault(`${path}/${keyword}`, 'is not allowed here');
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      if (Object.hasOwn(schema, keyword)) this.targets.set(`#${String(schema[keyword])}`, schema);
    }
    for (const keyword of references) {
      if (Object.hasOwn(schema, keyword))
        this.#references.push({ target: schema[keyword], path: `${path}/${keyword}` });
    }
  }

  #fault(path: string, message: string): void {
    this.#faults.push({ path, message });
  }
}

/** By where in it they are. */
function subschemasOf(schema: Record<string, unknown>): (readonly [string, unknown])[] {
  return [
    ...one
      .filter((keyword) => Object.hasOwn(schema, keyword))
      .map((keyword) => [keyword, schema[keyword]] as const),
    ...[...list, ...named].flatMap((keyword) =>
      Object.entries((schema[keyword] as object | null | undefined) ?? {}).map(
        ([name, inside]) => [`${keyword}/${pointerPart(name)}`, inside] as const,
      ),
    ),
  ];
}

/** JSON Pointer, as a reference writes it before it is percent-encoded. */
function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
