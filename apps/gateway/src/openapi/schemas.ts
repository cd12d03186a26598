import { descriptionOf, instanceOf, type JsonSchema } from '#libs/contracts';
import type { Type } from '@nestjs/common';
import { getMetadataStorage, ValidationTypes } from 'class-validator';
import { keywordsOf } from './keywords-of.js';
import { storable } from './storable.js';

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** The JSON Schemas of classes, read from their validators: what is described is what is checked. */
export class Schemas {
  readonly #components = new Map<string, { type: Type; schema: JsonSchema }>();
  readonly #inputs = new Set<Type>();

  constructor(private readonly prefix = '#/components/schemas/') {}

  get components(): Record<string, JsonSchema> {
    const entries = [...this.#components].map(
      ([name, { type, schema }]) =>
        [
          name,
          this.#inputs.has(type) ? { ...storable(schema), additionalProperties: false } : schema,
        ] as const,
    );
    return Object.fromEntries(entries.toSorted(([one], [other]) => one.localeCompare(other)));
  }

  /** Like `refTo`; what is read as this class may have no field that the class does not know. */
  refToInput(type: Type): JsonSchema {
    this.#inputs.add(type);
    return this.refTo(type);
  }

  /** A reference to the class' schema, which is among the components from then on. */
  refTo(type: Type): JsonSchema {
    const { title = type.name } = (descriptionOf(type).keywords ?? {}) as { title?: string };
    const known = this.#components.get(title);
    if (known && known.type !== type) throw new Error(`Two classes would be "${title}" in the documents.`);
    if (!known) {
      // Known before its fields are read: a class may refer to itself.
      this.#components.set(title, { type, schema: {} });
      this.#components.set(title, { type, schema: this.schemaOf(type) });
    }
    return { $ref: `${this.prefix}${title}` };
  }

  schemaOf(type: Type): JsonSchema {
    const fields = this.fieldsOf(type);
    const required = fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
    const { text, keywords } = descriptionOf(type);
    const { title: _title, ...rest } = keywords ?? {};
    return {
      type: 'object',
      ...(text !== undefined && { description: text }),
      ...(required.length > 0 && { required }),
      properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
      ...rest,
    };
  }

  /** The fields of a class in their order, inherited ones first. */
  fieldsOf(type: Type): { name: string; isOptional: boolean; schema: JsonSchema }[] {
    const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
    const byField = Map.groupBy(rules, ({ propertyName }) => propertyName);
    return [...byField]
      .toSorted(([, [one]], [, [other]]) => depthOf(one) - depthOf(other))
      .map(([name, fieldRules]) => {
        const isOptional = fieldRules.some(isOptionalRule);
        return { name, isOptional, schema: this.#schemaOfField(type, name, fieldRules) };
      });
  }

  #schemaOfField(type: Type, name: string, rules: readonly Rule[]): JsonSchema {
    const { text, keywords, orNull = false } = descriptionOf(type, name);
    const own = rules.filter(({ type: kind }) => kind !== ValidationTypes.CONDITIONAL_VALIDATION);
    const nested = own.some(({ type: kind }) => kind === ValidationTypes.NESTED_VALIDATION)
      ? this.refTo(nestedType(type, name))
      : {};
    const isArray = own.some((rule) => rule.each || rule.name === 'isArray');
    const toKeywords = (rule: Rule) => keywordsOf(rule, keywords !== undefined, `${type.name}.${name}`);
    const ofEach = Object.assign({}, nested, ...own.filter((rule) => isArray && rule.each).map(toKeywords));
    const ofAll = Object.assign({}, ...own.filter((rule) => !isArray || !rule.each).map(toKeywords));
    const schema = isArray ? { type: 'array', ...ofAll, items: ofEach } : { ...ofAll, ...nested };
    const isNullable = orNull || rules.some((rule) => rule.name === 'isOptional');
    const whole = { ...schema, ...keywords };
    return { ...(text !== undefined && { description: text }), ...(isNullable ? orNullOf(whole) : whole) };
  }
}

/** `IsOptional`, or a condition of its own that lets an absent field pass. */
function isOptionalRule(rule: Rule): boolean {
  if (rule.type !== ValidationTypes.CONDITIONAL_VALIDATION) return false;
  const condition = rule.constraints[0] as (object: object, value: unknown) => boolean;
  return !condition({}, undefined);
}

function orNullOf(schema: JsonSchema): JsonSchema {
  const { type, $ref, enum: values } = schema;
  if ($ref !== undefined) return { anyOf: [{ $ref }, { type: 'null' }] };
  if (type === undefined) return schema;
  return {
    ...schema,
    type: [type, 'null'].flat(),
    ...(Array.isArray(values) && { enum: [...values, null] }),
  };
}

function depthOf(rule: Rule | undefined): number {
  let depth = 0;
  for (let at: unknown = rule?.target; typeof at === 'function'; at = Object.getPrototypeOf(at)) depth++;
  return depth;
}

function nestedType(type: Type, name: string): Type {
  const instance = instanceOf(type, { [name]: {} }) as Readonly<Record<string, object>>;
  const nested = instance[name]?.constructor as Type | undefined;
  if (!nested || (nested as unknown) === Object) {
    throw new Error(`${type.name}.${name} has @ValidateNested and needs @Type(() => …) beside it.`);
  }
  return nested;
}
