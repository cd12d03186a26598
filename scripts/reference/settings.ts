import { getMetadataStorage } from 'class-validator';
import {
  createSourceFile,
  getJSDocCommentsAndTags,
  getTextOfJSDocComment,
  isClassDeclaration,
  isJSDoc,
  isPropertyDeclaration,
  type PropertyDeclaration,
  ScriptTarget,
} from 'typescript';

/** One environment variable, in words for people. */
export interface Setting {
  readonly name: string;
  readonly byDefault: string;
  readonly allowed: string;
  readonly text: string;
}

type Config = new () => object;

/** Reads a configuration class: comments from its source, defaults and bounds from the class itself. */
export function readSettings(config: Config, source: (className: string) => string): Setting[] {
  const defaults = new config() as Record<string, unknown>;
  return propertiesOf(config.name, source(config.name)).map((property) => {
    const name = property.name.getText();
    const isDuration =
      property.getText().includes('@ToDuration') || property.getText().includes('@IsRetention');
    const bounds = boundsOf(config, name);
    const write = isDuration ? durationOf : String;
    return {
      name,
      byDefault: tagOf(property, 'default') ?? defaultOf(defaults[name], write),
      allowed: tagOf(property, 'allowed') ?? allowedOf(bounds, write),
      text: commentOf(property),
    };
  });
}

function propertiesOf(className: string, text: string): PropertyDeclaration[] {
  const file = createSourceFile('config.ts', text, ScriptTarget.ESNext, true);
  const found = file.statements.filter(isClassDeclaration).find(({ name }) => name?.text === className);
  if (!found) throw new Error(`There is no class ${className} where it should be.`);
  return found.members.filter(isPropertyDeclaration);
}

function defaultOf(value: unknown, write: (value: number) => string): string {
  if (value === undefined) return 'none: must be set';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `\`${value.join(',')}\``;
  return `\`${typeof value === 'number' ? write(value) : JSON.stringify(value).replaceAll('"', '')}\``;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
}

function boundsOf(config: Config, property: string): Bounds {
  const metadata = getMetadataStorage()
    .getTargetValidationMetadatas(config, '', false, false)
    .filter(({ propertyName }) => propertyName === property);
  const constraint = (name: string): unknown => metadata.find((one) => one.name === name)?.constraints[0];
  return {
    min: constraint('min') as number,
    max: constraint('max') as number,
    values: constraint('isIn') as string[],
  };
}

function allowedOf({ min, max, values }: Bounds, write: (value: number) => string): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (min === undefined) return '';
  return max === undefined ? `at least ${write(min)}` : `${write(min)} to ${write(max)}`;
}

function durationOf(ms: number): string {
  const units = Object.entries({ d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 });
  const [unit, size] = units.find(([, one]) => ms % one === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

function commentOf(property: PropertyDeclaration): string {
  const comments = getJSDocCommentsAndTags(property).filter(isJSDoc);
  return comments
    .map(({ comment }) => getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** What a comment says where the value itself does not tell a person enough. */
function tagOf(property: PropertyDeclaration, name: string): string | undefined {
  const tags = getJSDocCommentsAndTags(property)
    .filter(isJSDoc)
    .flatMap(({ tags: some }) => some ?? []);
  const found = tags.find(({ tagName }) => tagName.text === name);
  return found && getTextOfJSDocComment(found.comment);
}
