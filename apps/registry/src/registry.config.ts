import { Secret, ToSecrets } from '#libs/config';
import { ArrayNotEmpty, IsInstance } from 'class-validator';

export class RegistryConfig {
  /**
   * Seals the secrets at rest: 32 random bytes in base64. Several, comma separated, while keys are rotated: the first
   * seals, all open.
   */
  @ToSecrets()
  @ArrayNotEmpty({ message: 'POSTHORN_MASTER_KEY must be set: make one with `openssl rand -base64 32`' })
  @IsInstance(Secret, { each: true })
  readonly POSTHORN_MASTER_KEY: Secret[];
}
