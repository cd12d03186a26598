import { fullFormats } from 'ajv-formats/dist/formats.js';

const maxLength = 2048;
const checked = [
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

/**
 * The expressions of formats are V8's: a longer text is of none.
 * @returns undefined for a format that is not checked.
 */
export function boundedFormat(name: string): ((text: string) => boolean) | undefined {
  const known = checked.find((one) => one === name);
  if (known === undefined) return undefined;
  const format = fullFormats[known];
  const test = typeof format === 'object' && 'validate' in format ? format.validate : format;
  const holds =
    typeof test === 'function' ? (test as (text: string) => boolean) : matcherOf(test as RegExp | string);
  return (text) => text.length <= maxLength && holds(text);
}

function matcherOf(expression: RegExp | string): (text: string) => boolean {
  const { source, flags } = new RegExp(expression);
  // A sticky or global expression would go on where it ended last.
  const pattern = new RegExp(source, flags.replaceAll(/[gy]/g, ''));
  return (text) => pattern.test(text);
}
