import { Secret, ToSecrets } from '#libs/config';
import { ArrayNotEmpty, IsInstance } from 'class-validator';

export class DispatcherConfig {
  /** The registry's master keys: they open the signing secrets. */
  @ToSecrets()
  @ArrayNotEmpty({ message: 'POSTHORN_MASTER_KEY must be set, to what the registry has' })
  @IsInstance(Secret, { each: true })
  readonly POSTHORN_MASTER_KEY: Secret[];
}
