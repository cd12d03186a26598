import { Secret, ToList, ToSecrets } from '#libs/config';
import { EachIsNameServer } from '#libs/egress';
import { ArrayNotEmpty, IsInstance } from 'class-validator';

export class DispatcherConfig {
  /** The registry's master keys: they open the signing secrets. */
  @ToSecrets()
  @ArrayNotEmpty({ message: 'POSTHORN_MASTER_KEY must be set, to what the registry has' })
  @IsInstance(Secret, { each: true })
  readonly POSTHORN_MASTER_KEY: Secret[];

  /**
   * Name servers for destinations, each an address with or without a port: `10.0.0.53`, `[fd00::53]:5353`. Those of
   * /etc/resolv.conf if not set.
   */
  @ToList()
  @EachIsNameServer()
  readonly EGRESS_DNS_SERVERS: readonly string[] = [];
}
