import { Problem } from '#libs/contracts';

const syntax = /^[\x21-\x7e]{1,255}$/;

export const idempotencyKeySchema = {
  description: 'Stands for an id where the body has none: the same key again is the same event.',
  type: 'string',
  pattern: syntax.source,
};

/**
 * The key under which a publisher may publish again, as its header came; undefined if there is none.
 * @throws Problem `validation_failed` naming the header.
 */
export function readIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined || syntax.test(header)) return header;
  throw new Problem('validation_failed', 'The request is not as it must be.', [
    { path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters, without spaces' },
  ]);
}
