import { ValidateIf } from 'class-validator';

/** Keywords of JSON Schema 2020-12, which OpenAPI 3.1 and AsyncAPI 3 share. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Description {
  readonly text?: string;
  readonly keywords?: JsonSchema;
  readonly orNull?: boolean;
}

const key = Symbol('description');

/**
 * What a field or a class means, as the generated documents tell it: where one of these stands, no comment has to say
 * it again. `keywords` are for what validators do not tell: `examples`, `default`, the values of a map; on a class,
 * `title` is its name in the documents where its own would not do.
 */
export function Describe(text: string, keywords?: JsonSchema): ClassDecorator & PropertyDecorator {
  return (target: object, property?: string | symbol) => {
    describe(target, property, { text, ...(keywords && { keywords }) });
  };
}

/** Of a reply: the field is always there, and may be null. */
export function OrNull(): PropertyDecorator {
  return (target, property) => {
    describe(target, property, { orNull: true });
    ValidateIf((_object, value) => value !== null)(target, property);
  };
}

/** The field may be absent, and is not null: `IsOptional` allows both. */
export function OrAbsent(): PropertyDecorator {
  return ValidateIf((_object, value) => value !== undefined);
}

/** What is said of a class, or of one of its fields. */
export function descriptionOf(type: Function, property?: string): Description {
  const described: unknown =
    property === undefined
      ? Reflect.getOwnMetadata(key, type)
      : Reflect.getMetadata(key, type.prototype as object, property);
  return (described as Description | undefined) ?? {};
}

function describe(target: object, property: string | symbol | undefined, more: Description): void {
  if (property === undefined) {
    Reflect.defineMetadata(key, more, target);
    return;
  }
  const known = Reflect.getOwnMetadata(key, target, property) as Description | undefined;
  Reflect.defineMetadata(key, { ...known, ...more }, target, property);
}
