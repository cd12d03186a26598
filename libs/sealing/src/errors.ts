export class MalformedMasterKeyError extends Error {
  override readonly name = 'MalformedMasterKeyError';

  constructor(position: number) {
    super(`Master key ${position} is not the base64 of 32 bytes. Make one with: openssl rand -base64 32`);
  }
}

export class WeakMasterKeyError extends Error {
  override readonly name = 'WeakMasterKeyError';

  constructor(position: number) {
    super(
      `Master key ${position} is not random, so it can be guessed. Make one with: openssl rand -base64 32`,
    );
  }
}

export class UnknownMasterKeyError extends Error {
  override readonly name = 'UnknownMasterKeyError';

  constructor(readonly keyId: string) {
    super(`Sealed with master key ${keyId}, which is not configured. Add it behind the present master key.`);
  }
}

export class MalformedSealError extends Error {
  override readonly name = 'MalformedSealError';

  constructor() {
    super('This text was not made by a Sealer.');
  }
}

export class TamperedSealError extends Error {
  override readonly name = 'TamperedSealError';

  constructor(readonly boundTo: string) {
    super(`The sealed value was changed, or was not sealed for ${boundTo}.`);
  }
}
