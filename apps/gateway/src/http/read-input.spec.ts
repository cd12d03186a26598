import * as contracts from '#libs/contracts';
import { findFaults } from '#libs/validation';
import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { Schemas } from '../openapi/schemas.js';
import { readInput } from './read-input.js';

interface Field {
  readonly name: string;
  readonly isOptional: boolean;
  readonly schema: contracts.JsonSchema;
}

/** Every class of the contracts that has rules: as the documents describe it, independently of how it is checked. */
const classes = Object.values(contracts)
  .filter((one): one is Type => typeof one === 'function' && one.prototype !== undefined)
  .filter((type) => getMetadataStorage().getTargetValidationMetadatas(type, '', false, false).length > 0)
  .map((type): [string, Type] => [type.name, type]);

const wrongValues: readonly unknown[] = ['text', 5.5, true, { a: 1 }, [[]], [], null];

/** What JSON Schema calls the type of a value. */
function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
}

const said: Readonly<Record<string, RegExp>> = {
  array: /must be an array$/,
  boolean: /must be a boolean value$/,
  integer: /must be an integer number$/,
  number: /must be a number$/,
  object: /must be an object/,
  string: /must be a string$|must be one of/,
};

function typesOf({ type, $ref, anyOf }: contracts.JsonSchema): string[] {
  if (anyOf !== undefined) return (anyOf as contracts.JsonSchema[]).flatMap(typesOf);
  if ($ref !== undefined) return ['object'];
  return [type ?? []].flat() as string[];
}

function messagesAt(type: Type, name: string, value?: unknown): string[] {
  const input = contracts.instanceOf(type as new () => object, value === undefined ? {} : { [name]: value });
  return findFaults(input, { limit: 1000 })
    .filter(({ path }) => path === name)
    .map(({ message }) => message);
}

/** What is not said as it should be of values of this field that have another type. */
function misnamed(type: Type, { name, schema }: Field): string[] {
  const types = typesOf(schema);
  const wanted = types.find((one) => one !== 'null') ?? '';
  if (wanted === '') return [];
  const wrong = wrongValues.filter(
    (value) => !types.includes(typeOf(value)) && !(typeof value === 'number' && types.includes('number')),
  );
  const items = schema['items'] as contracts.JsonSchema | undefined;
  const itemTypes = items ? typesOf(items) : [];
  const wrongItems = wrongValues.filter((value) => !itemTypes.includes(typeOf(value)));
  const cases: [unknown, string][] = [
    ...wrong.map((value): [unknown, string] => [value, wanted]),
    ...(itemTypes[0] === undefined
      ? []
      : wrongItems.map((value): [unknown, string] => [[value], itemTypes[0] ?? ''])),
  ];
  return cases.flatMap(([value, kind]) => {
    const messages = messagesAt(type, name, value);
    const isSaid = messages.length === 1 && said[kind]?.test(messages[0] ?? '') === true;
    return isSaid ? [] : [`${name}: ${JSON.stringify(value)} → ${messages.join(', ') || 'nothing'}`];
  });
}

describe('readInput', () => {
  it('finds the classes to be tried', () => {
    expect(classes.length).toBeGreaterThan(50);
  });

  it.each(classes)('of each field of %s says that it is missing, or of the wrong type', (_name, type) => {
    const fields = new Schemas().fieldsOf(type);
    const unsaid = fields.flatMap((field) => {
      const isRequired = !field.isOptional && typesOf(field.schema).length > 0;
      const messages = messagesAt(type, field.name);
      const isMissed = messages.length === 1 && messages[0] === `${field.name} must be set`;
      return [
        ...(isRequired && !isMissed ? [`${field.name}: absent → ${messages.join(', ') || 'nothing'}`] : []),
        ...misnamed(type, field),
      ];
    });
    expect(unsaid).toEqual([]);
  });

  it.each([
    [
      contracts.NewDestination,
      { url: 'x'.repeat(2049) },
      /^url must be shorter than or equal to 2048 characters$/,
    ],
    [
      contracts.NewDestination,
      { url: 'a', eventTypes: ['a b', 'x'.repeat(256)] },
      /^each of eventTypes must be parts/,
    ],
    [contracts.NewDestination, { url: 'a', timeoutMs: 999 }, /^timeoutMs must not be less than 1000$/],
    [contracts.NewApiKey, { scopes: [] }, /^scopes should not be empty$/],
    [contracts.NewApiKey, { scopes: ['admin', 'admin'] }, /^All scopes's elements must be unique$/],
    [contracts.NewApiKey, { scopes: ['owner'] }, /^each of scopes must be one of/],
  ])('then says the shape, and then the bounds: %p %j', (type, value, message) => {
    const { faults } = readInput<object>(type, value);
    expect(faults.map((fault) => fault.message)).toEqual([expect.stringMatching(message) as unknown]);
  });

  it('looks into nested lists, and names each element', () => {
    const { faults } = readInput(contracts.ApiKeyChanges, { changes: [{}, 5], version: 1, hasMore: false });
    expect(faults).toEqual([{ path: 'changes', message: 'each value in changes must be an object' }]);
    const inside = readInput(contracts.ApiKeyChanges, { changes: [{}], version: 1, hasMore: false });
    expect(inside.faults).toContainEqual({ path: 'changes[0].keyId', message: 'keyId must be set' });
  });

  it('compares the elements of a list with each other only where they are not too many', () => {
    const destinationIds = Array.from({ length: 60_000 }, (_, index) => String(index));
    const startedAt = process.cpuUsage();
    const { faults } = readInput(contracts.ReplayEventInput, { destinationIds });
    expect(faults.map(({ message }) => message)).toEqual([
      'destinationIds must contain no more than 250 elements',
    ]);
    expect(process.cpuUsage(startedAt).user).toBeLessThan(300_000);
  });

  it('stops with the twentieth fault', () => {
    const unknown = Object.fromEntries(Array.from({ length: 1500 }, (_, index) => [`p${index}`, '1']));
    expect(readInput(contracts.TenantInput, unknown).faults).toHaveLength(20);
  });
});
