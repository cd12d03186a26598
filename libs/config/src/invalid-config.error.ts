export class InvalidConfigError extends Error {
  override readonly name = 'InvalidConfigError';

  constructor(readonly faults: readonly string[]) {
    super(`The configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}
