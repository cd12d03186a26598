import type { FieldError } from '#libs/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Budget, isEndless } from './budget.js';
import { checkerOf } from './checker.js';
import type { Check, JsonSchema, Run } from './evaluation.js';
import { parseExactly } from './exact-json.js';
import { walkSchema } from './walk-schema.js';

const maxSchemaBytes = 64 * 1024;

/** Knows what a schema is; that is compiled once. */
const rules = new Ajv2020({ strict: false, logger: false, validateFormats: false, ownProperties: true });

/** Says what is wrong with a value, which is given as JSON; nothing if it is as it must be. */
export type Validate = (json: string) => FieldError[];

export type Compiled = { readonly validate: Validate } | { readonly faults: readonly FieldError[] };

/**
 * Makes a validator of a schema of JSON Schema 2020-12, or says why it is none that strangers' data may be validated by:
 * what it costs is bounded by the size of the data, whatever both are.
 */
export function compileSchema(given: JsonSchema | boolean): Compiled {
  if (Buffer.byteLength(JSON.stringify(given)) > maxSchemaBytes) {
    return { faults: [{ path: '', message: `may have ${maxSchemaBytes / 1024} KiB` }] };
  }
  const { targets, faults } = walkSchema(given === true ? {} : given === false ? { not: {} } : given);
  if (faults.length > 0) return { faults };
  const budget = new Budget();
  try {
    if (rules.validateSchema(given) !== true) {
      throw new Error(rules.errorsText(rules.errors, { dataVar: 'schema' }));
    }
    return { validate: validatorOf(checkerOf(targets, budget), { budget, tracks: tracks(given) }) };
  } catch (error) {
    return {
      faults: [{ path: '', message: String((error as { message?: unknown }).message).slice(0, 500) }],
    };
  }
}

function validatorOf(check: Check, validation: Pick<Run, 'budget' | 'tracks'>): Validate {
  return (json) => {
    validation.budget.begin(json.length);
    const errors: FieldError[] = [];
    try {
      check(parseExactly(json), { run: { ...validation, errors }, path: undefined });
      return errors;
    } catch (error) {
      if (!isEndless(error)) throw error;
      return [{ path: '', message: 'cannot be validated: by its schema that takes too many steps' }];
    }
  };
}

/** Perhaps more often than needed: it may be a name, too. */
function tracks(schema: JsonSchema | boolean): boolean {
  return JSON.stringify(schema).includes('"unevaluated');
}
