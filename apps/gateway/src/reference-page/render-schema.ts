import type { JsonSchema } from '#libs/contracts';
import { type Html, html, prose } from './html.js';

type Fields = Readonly<Record<string, JsonSchema>>;

/** The fields of an object as a table. */
export function renderFields(schema: JsonSchema): Html {
  const required = (schema['required'] ?? []) as readonly string[];
  const fields = Object.entries((schema['properties'] ?? {}) as Fields);
  if (fields.length === 0) return html``;
  return html`<table>
    ${fields.map(([name, field]) => renderField(name, field, required.includes(name)))}
  </table>`;
}

export function renderField(name: string, schema: JsonSchema, isRequired: boolean): Html {
  const { description, default: fallback, examples } = schema;
  const [example] = (examples ?? []) as readonly unknown[];
  return html`<tr>
    <th><code>${name}</code>${isRequired ? '' : html`<small>optional</small>`}</th>
    <td>
      <span class="type">${typeOf(schema)}</span>
      ${typeof description === 'string' ? prose(description) : ''}
      ${fallback === undefined ? '' : html`<p>Default <code>${JSON.stringify(fallback)}</code></p>`}
      ${example === undefined ? '' : html`<p>Such as <code>${JSON.stringify(example)}</code></p>`}
    </td>
  </tr>`;
}

/** `string, at most 500 characters or null`; a class is a link to where it is told. */
export function typeOf(schema: JsonSchema): Html {
  const { $ref, anyOf, enum: values, type } = schema;
  if (typeof $ref === 'string') return linkTo($ref);
  if (Array.isArray(anyOf)) return joined((anyOf as JsonSchema[]).map(typeOf));
  if (Array.isArray(values))
    return joined(values.map((value) => html`<code>${JSON.stringify(value)}</code>`));
  const types = [type ?? 'anything'].flat() as string[];
  return joined(types.map((one) => ofOneType(one, schema)));
}

function ofOneType(type: string, schema: JsonSchema): Html {
  if (type === 'null') return html`null`;
  const { items, format, additionalProperties } = schema;
  const bounds = boundsOf(schema);
  if (type === 'array') return html`list of ${typeOf((items ?? {}) as JsonSchema)}${bounds}`;
  if (type === 'object' && typeof additionalProperties === 'object')
    return html`map of ${typeOf((additionalProperties ?? {}) as JsonSchema)}${bounds}`;
  return html`${typeof format === 'string' ? format : type}${bounds}`;
}

const bounds: Readonly<Record<string, (value: string) => string>> = {
  minimum: (value) => `at least ${value}`,
  maximum: (value) => `at most ${value}`,
  minLength: (value) => `at least ${value} characters`,
  maxLength: (value) => `at most ${value} characters`,
  minItems: (value) => `at least ${value}`,
  maxItems: (value) => `at most ${value}`,
  maxProperties: (value) => `at most ${value}`,
};

function boundsOf(schema: JsonSchema): string {
  const told = Object.entries(bounds).flatMap(([keyword, tell]) =>
    schema[keyword] === undefined ? [] : [tell(String(schema[keyword] as number))],
  );
  return told.length > 0 ? `, ${told.join(', ')}` : '';
}

function linkTo(ref: string): Html {
  const name = ref.slice(ref.lastIndexOf('/') + 1);
  return html`<a href="#schema-${name}">${name}</a>`;
}

function joined(parts: readonly Html[]): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html` or ${part}`))}`;
}
