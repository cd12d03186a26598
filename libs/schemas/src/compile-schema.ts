import type { FieldError } from '#libs/contracts';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { Budget, isEndless } from './budget.js';
import { LinearPattern } from './linear-pattern.js';
import { areUnique } from './unique-items.js';
import { costKeyword, type JsonSchema, walkSchema } from './walk-schema.js';

const maxSchemaBytes = 64 * 1024;
const maxShownErrors = 20;
const maxFormatLength = 2048;
const formats = [
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uuid',
  'json-pointer',
] as const;

/** Knows what a schema is; that is compiled once. */
const rules = new Ajv2020({ strict: false, logger: false, validateFormats: false });

/** Says what is wrong with a value of so many bytes of JSON; nothing if it is as it must be. */
export type Validate = (value: unknown, bytes: number) => FieldError[];

export type Compiled = { readonly validate: Validate } | { readonly faults: readonly FieldError[] };

/**
 * Makes a validator of a schema of JSON Schema 2020-12, or says why it is none that strangers' data may be validated by:
 * what it costs is bounded by the size of the data, whatever both are.
 */
export function compileSchema(given: JsonSchema): Compiled {
  if (Buffer.byteLength(JSON.stringify(given)) > maxSchemaBytes) {
    return { faults: [{ path: '', message: `may have ${maxSchemaBytes / 1024} KiB` }] };
  }
  const { schema, faults } = walkSchema(given);
  if (faults.length > 0) return { faults };
  const budget = new Budget();
  try {
    budget.begin(maxSchemaBytes);
    return { validate: validatorOf(schema, budget) };
  } catch (error) {
    return {
      faults: [{ path: '', message: String((error as { message?: unknown }).message).slice(0, 500) }],
    };
  }
}

function validatorOf(schema: JsonSchema, budget: Budget): Validate {
  if (rules.validateSchema(schema) !== true) {
    throw new Error(rules.errorsText(rules.errors, { dataVar: 'schema' }));
  }
  const ajv = ajvWith(budget);
  const matches = ajv.compile(schema);
  return (value, bytes) => {
    budget.begin(bytes);
    try {
      return matches(value) ? [] : (matches.errors ?? []).slice(0, maxShownErrors).map(fieldError);
    } catch (error) {
      if (!isEndless(error)) throw error;
      return [{ path: '', message: 'cannot be validated: by its schema that takes too many steps' }];
    }
  };
}

/** One for each schema: what it keeps goes with it. */
function ajvWith(budget: Budget): Ajv2020 {
  const engine = Object.assign((pattern: string) => new LinearPattern(pattern, budget), {
    code: 'new LinearPattern',
  });
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    inlineRefs: false,
    meta: false,
    validateSchema: false,
    logger: false,
    code: { regExp: engine },
  });
  formatsPlugin.default(ajv, [...formats]);
  for (const name of formats) boundFormat(ajv, name);
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must not have the same item twice' },
    validate: (wanted: boolean, items: unknown[]) => !wanted || areUnique(items, budget),
  });
  ajv.addKeyword({
    keyword: costKeyword,
    schemaType: 'number',
    validate: (cost: number, value: unknown) => {
      budget.spend(cost + sizeOf(value));
      return true;
    },
  });
  return ajv;
}

/** Their expressions are V8's. */
function boundFormat(ajv: Ajv2020, name: string): void {
  const format = ajv.formats[name];
  const test = typeof format === 'object' && 'validate' in format ? format.validate : format;
  ajv.addFormat(name, (text: string) => {
    if (text.length > maxFormatLength) return false;
    return typeof test === 'function' ? test(text as never) === true : new RegExp(test as RegExp).test(text);
  });
}

/** What rules that look at the whole of a value take at least. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length / 16;
  if (typeof value !== 'object' || value === null) return 0;
  return Array.isArray(value) ? value.length / 16 : Object.keys(value).length;
}

function fieldError({ instancePath, keyword, params, message }: ErrorObject): FieldError {
  const { missingProperty, additionalProperty, unevaluatedProperty } = params as Record<string, unknown>;
  if (keyword === 'required') return at(instancePath, missingProperty, 'is missing');
  const surplus = additionalProperty ?? unevaluatedProperty;
  if (surplus !== undefined) return at(instancePath, surplus, 'is not allowed');
  return { path: pathOf(instancePath), message: (message ?? keyword).slice(0, 500) };
}

function at(instancePath: string, name: unknown, message: string): FieldError {
  return { path: pathOf(`${instancePath}/${String(name).replaceAll('/', '~1')}`), message };
}

/** `/lines/0/price` → `.lines[0].price` */
function pathOf(pointer: string): string {
  const parts = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return parts.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part.slice(0, 100)}`)).join('');
}
