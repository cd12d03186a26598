import { type MessageType, topology } from '#libs/contracts';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, IsDefined, IsInt, IsString, validateSync } from 'class-validator';
import fc from 'fast-check';
import { isSurelyValid } from './surely-valid.js';

type Class = new () => object;

const plain: readonly unknown[] = [
  undefined,
  null,
  '',
  'a.text',
  'a_text',
  '2026-01-02T03:04:05.678Z',
  'https://example.com/',
  0,
  1,
  -1,
  1.5,
  NaN,
  true,
  {},
  { a: 'text' },
  [],
  ['a.text'],
  ['a.text', 'a.text'],
  [1],
  [null],
];

const seeds = new Map<Class, Record<string, unknown>>();
const byName = new Map(
  topology
    .filter(({ message }) => Object.keys(valuesOf(message)).length > 0)
    .map(({ message }): [string, MessageType] => [message.type, message]),
);

describe('isSurelyValid', () => {
  it.each([...byName])('says of %s what class-validator says', (_name, type) => {
    const values = valuesOf(type);
    expect(verdict(type, {})).toBe(true);
    fc.assert(
      fc.property(changes(Object.keys(values), Object.values(values).flat()), (changed) => {
        expect(isSurelyValid(type, made(type, changed))).toBe(verdict(type, changed));
      }),
      { numRuns: 100 },
    );
  });

  it('leaves to class-validator what it does not know', () => {
    class WithAnUnknownRule {
      @IsDefined() @IsInt() number = 1;
    }
    expect(validateSync(new WithAnUnknownRule())).toEqual([]);
    expect(isSurelyValid(WithAnUnknownRule, new WithAnUnknownRule())).toBe(false);
  });

  it('looks at what a class inherits', () => {
    class Base {
      @IsString() name = '';
    }
    class Derived extends Base {
      @IsInt() number = 1;
    }
    expect(isSurelyValid(Derived, new Derived())).toBe(true);
    expect(isSurelyValid(Derived, Object.assign(new Derived(), { name: 1 }))).toBe(false);
  });
});

/** An instance all of whose fields are right, but for these. */
function made(type: Class, changed: object): object {
  return Object.assign(new type(), seedsOf(type), changed);
}

function verdict(type: Class, changed: object): boolean {
  return validateSync(made(type, changed), { forbidUnknownValues: false }).length === 0;
}

/** Up to three fields with other values: those that are right somewhere are wrong elsewhere. */
function changes(fields: string[], values: readonly unknown[]): fc.Arbitrary<Record<string, unknown>> {
  const value = fc.oneof(fc.constantFrom(...values), fc.anything());
  return fc.dictionary(fc.constantFrom('another', ...fields), value, { maxKeys: 3 });
}

/** What a field's rules and types suggest, and what any field may be given. */
function valuesOf(type: Class): Record<string, unknown[]> {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const fields = Object.groupBy(rules, ({ propertyName }) => propertyName);
  return Object.fromEntries(
    Object.entries(fields).map(([name, own]) => {
      const inside = defaultMetadataStorage.findTypeMetadata(type, name)?.typeFunction() as Class | undefined;
      const listed = (own ?? [])
        .flatMap(({ constraints }) => (constraints as unknown[] | undefined) ?? [])
        .flat();
      const nested = inside ? [made(inside, {}), [made(inside, {})], [new inside()], new inside()] : [];
      return [name, [...nested, ...listed, ...listed.map((one) => [one]), ...plain]];
    }),
  );
}

/** For each field the first value that class-validator has nothing against. */
function seedsOf(type: Class): Record<string, unknown> {
  const known = seeds.get(type);
  if (known) return known;
  const found = Object.fromEntries(
    Object.entries(valuesOf(type)).map(([name, values]) => [
      name,
      values.find((value) => isRight(type, name, value)),
    ]),
  );
  seeds.set(type, found);
  return found;
}

function isRight(type: Class, name: string, value: unknown): boolean {
  const faults = validateSync(Object.assign(new type(), { [name]: value }), { forbidUnknownValues: false });
  return faults.every(({ property }) => property !== name);
}
