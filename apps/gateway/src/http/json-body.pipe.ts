import { isUtf8 } from 'node:buffer';
import { Problem, problemLimits } from '#libs/contracts';
import { inexactNumbers } from '#libs/schemas';
import type { PipeTransform } from '@nestjs/common';
import { withoutByteOrderMark } from '../publish-event/read-envelope.js';
import { scanObject } from '../publish-event/scan-json.js';
import { readInput } from './read-input.js';

const maxDepth = 64;

/** A body of ours (not an event): strict JSON, then the rules of its class. An empty body is an empty object. */
export class JsonBodyPipe<Input extends object> implements PipeTransform<Buffer | undefined, Input> {
  constructor(readonly type: new () => Input) {}

  /** @throws Problem naming every wrong field at once; a field that is not known is wrong too. */
  transform(body: Buffer | undefined): Input {
    const { input, faults } = readInput(this.type, parse(body));
    if (faults.length > 0) {
      throw new Problem('validation_failed', 'The body is not as it must be.', faults);
    }
    return input;
  }
}

function parse(given: Buffer | undefined): object {
  if (!given || given.length === 0) return {};
  const body = withoutByteOrderMark(given);
  if (!isUtf8(body)) throw new Problem('invalid_utf8', 'The body is not valid UTF-8.');
  scanObject(body, maxDepth);
  const text = body.toString();
  mustBeKept(text);
  return JSON.parse(text) as object;
}

/**
 * A number that would be stored as another one, such as 9007199254740993 in a schema or a filter, is refused.
 * @throws Problem `validation_failed`
 */
function mustBeKept(text: string): void {
  const errors = inexactNumbers(text, problemLimits.errors).map((path) => ({
    path: path.slice(1),
    message: 'must be a number that a double of IEEE 754 keeps',
  }));
  if (errors.length > 0) throw new Problem('validation_failed', 'The body is not as it must be.', errors);
}
