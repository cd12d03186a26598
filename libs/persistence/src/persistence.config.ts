import { Secret, ToNumber, ToSecret } from '#libs/config';
import { IsInstance, IsInt, Min } from 'class-validator';

export class PersistenceConfig {
  /** postgres://user:password@host:5432/database; the user needs its own schema only. */
  @ToSecret()
  @IsInstance(Secret, { message: 'DATABASE_URL must be set: postgres://user:password@host:5432/database' })
  readonly DATABASE_URL: Secret;

  /** Connections of one process. Few: the work comes in batches. */
  @ToNumber() @IsInt() @Min(1) readonly DATABASE_POOL_SIZE: number = 5;

  /** A statement that takes longer is given up, and its work tried again. */
  @ToNumber() @IsInt() @Min(1) readonly DATABASE_STATEMENT_TIMEOUT_MS: number = 30_000;

  /** How long a start waits for a database that does not answer before it fails with a clear error. */
  @ToNumber() @IsInt() @Min(1) readonly DATABASE_START_TIMEOUT_MS: number = 60_000;
}
