import { type EventTypeInput, type FieldError, Problem } from '#libs/contracts';
import { compileSchema, type JsonSchema } from '#libs/schemas';

const maxExampleBytes = 64 * 1024;

/** @throws Problem unless the schema can be validated by, and the example is as it says. */
export function checkEventType({ schema, example }: EventTypeInput): void {
  const text = example === undefined ? '' : JSON.stringify(example);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxExampleBytes) {
    throw wrong([{ path: 'example', message: `may have ${maxExampleBytes / 1024} KiB` }]);
  }
  const compiled = compileSchema((schema ?? true) as JsonSchema | boolean);
  if ('faults' in compiled) {
    throw wrong(
      compiled.faults.map(({ path, message }) => ({
        path: `schema${path.slice(path.startsWith('#') ? 1 : 0)}`,
        message,
      })),
    );
  }
  if (example === undefined || example === null) return;
  const faults = compiled.validate(text);
  if (faults.length > 0)
    throw wrong(faults.map(({ path, message }) => ({ path: `example${path}`, message })));
}

function wrong(errors: FieldError[]): Problem {
  return new Problem('validation_failed', 'The event type is not as it must be.', errors.slice(0, 20));
}
