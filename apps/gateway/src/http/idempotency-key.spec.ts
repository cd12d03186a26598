import { readIdempotencyKey } from './idempotency-key.js';

describe('an idempotency key', () => {
  it('is any visible ASCII, up to 255 characters', () => {
    for (const key of ['a', '5f8a-"quoted"/{x}~!', 'x'.repeat(255)])
      expect(readIdempotencyKey(key)).toBe(key);
  });

  it('need not be there', () => {
    expect(readIdempotencyKey(undefined)).toBeUndefined();
  });

  it.each(['', 'a b', 'é', 'a\tb', 'x'.repeat(256)])(
    'is refused by the name of its header when it is %j',
    (key) => {
      expect(() => readIdempotencyKey(key)).toThrow(
        expect.objectContaining({
          code: 'validation_failed',
          errors: [expect.objectContaining({ path: 'Idempotency-Key' })],
        }),
      );
    },
  );
});
