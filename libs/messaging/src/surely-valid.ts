import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Test = (value: unknown, object: object) => boolean;

const checks = new Map<Function, (object: object) => boolean>();

/**
 * Whether class-validator, asked not to forbid unknown values, would find nothing wrong with an instance of this class. It
 * looks up what the decorators say for each instance anew; here that is done once for each class. Where this is false,
 * class-validator has to be asked: it says what is wrong, and knows rules that this does not.
 */
export function isSurelyValid(type: Function, instance: object): boolean {
  let check = checks.get(type);
  if (!check) checks.set(type, (check = checkOf(type)));
  return check(instance);
}

function checkOf(type: Function): (object: object) => boolean {
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  const fields = [...Map.groupBy(rules, ({ propertyName }) => propertyName)].map(
    ([name, own]) => [name, testOf(own)] as const,
  );
  return (object) => fields.every(([name, test]) => test(Reflect.get(object, name), object));
}

/** Of one field: right if a condition, such as `IsOptional`, leaves it alone, or every rule agrees. */
function testOf(rules: readonly Rule[]): Test {
  const conditions = rules
    .filter(({ type }) => type === ValidationTypes.CONDITIONAL_VALIDATION)
    .map(({ constraints }) => constraints[0] as (object: object, value: unknown) => boolean);
  const tests = rules.filter(({ type }) => type !== ValidationTypes.CONDITIONAL_VALIDATION).flatMap(testsOf);
  return (value, object) =>
    conditions.some((condition) => !condition(object, value)) || tests.every((test) => test(value, object));
}

function testsOf(rule: Rule): Test[] {
  if (rule.type === ValidationTypes.NESTED_VALIDATION) return [isNestedValid];
  if (rule.type !== ValidationTypes.CUSTOM_VALIDATION || rule.validateIf) return [() => false];
  return getMetadataStorage()
    .getTargetValidatorConstraints(rule.constraintCls)
    .map((constraint) => {
      const { instance, async } = constraint;
      if (async) return () => false;
      const isRight: Test = (value, object) =>
        instance.validate(value, argumentsOf(rule, value, object)) === true;
      return rule.each ? eachOf(isRight) : isRight;
    });
}

const eachOf =
  (isRight: Test): Test =>
  (value, object) =>
    Array.isArray(value) && value.every((item) => isRight(item, object));

function argumentsOf(
  { propertyName: property, constraints }: Rule,
  value: unknown,
  object: object,
): ValidationArguments {
  return { targetName: object.constructor.name, property, constraints, value, object };
}

/** An instance by its own class, and what is in a list one by one. */
function isNestedValid(value: unknown): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.every(isNestedValid);
  if (value instanceof Set || value instanceof Map) return false;
  return value instanceof Object && isSurelyValid(value.constructor, value);
}
