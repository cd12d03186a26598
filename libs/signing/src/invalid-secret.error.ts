/** Never says what the secret is. */
export class InvalidSecretError extends Error {
  override readonly name = 'InvalidSecretError';

  constructor() {
    super(
      'A signing secret must be whsec_ followed by the base64 of 24 to 64 bytes, or whsk_ followed by that of an ed25519 key.',
    );
  }
}
