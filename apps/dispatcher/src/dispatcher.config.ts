import { Secret, ToList, ToSecrets } from '#libs/config';
import { EachIsNameServer } from '#libs/egress';
import { EachIsHeaderTemplate } from './deliver-event/each-is-header-template.js';
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

  /**
   * Headers that each webhook carries, comma separated: `x-tenant-id: {tenantId}`. Placeholders are `{tenantId}`,
   * `{destinationId}`, `{eventId}`, `{eventType}`, `{eventTimestamp}`, `{deliveryId}` and `{attempt}`. Headers that Posthorn
   * writes itself cannot be set, and a destination's own header of such a name is not sent.
   */
  @ToList()
  @EachIsHeaderTemplate()
  readonly WEBHOOK_HEADERS: readonly string[] = [];
}
