import { Secret, ToNumber, ToSecrets } from '#libs/config';
import { ArrayNotEmpty, IsInstance, IsInt, Max, Min } from 'class-validator';

export class RegistryConfig {
  /**
   * Seals the secrets at rest: 32 random bytes in base64. Several, comma separated, while keys are rotated: the first
   * seals, all open.
   */
  @ToSecrets()
  @ArrayNotEmpty({ message: 'POSTHORN_MASTER_KEY must be set: make one with `openssl rand -base64 32`' })
  @IsInstance(Secret, { each: true })
  readonly POSTHORN_MASTER_KEY: Secret[];

  /**
   * How many event types may be registered. They are the operator's, the same for all tenants, and every gateway has all
   * of them in memory, with schemas of up to 64 KiB each.
   */
  @ToNumber() @IsInt() @Min(1) @Max(100_000) readonly MAX_EVENT_TYPES: number = 1000;

  /**
   * How many destinations a tenant may have. Each event of the tenant may go to all of them, and each router has all of
   * them in memory.
   */
  @ToNumber() @IsInt() @Min(1) @Max(100_000) readonly MAX_DESTINATIONS_PER_TENANT: number = 100;
}
