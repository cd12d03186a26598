import { ToList, ToNumber } from '#libs/config';
import { ArrayNotEmpty, IsInt, IsUrl, Min } from 'class-validator';

export class MessagingConfig {
  /** One or more of the cluster's nodes, comma separated: amqp://user:password@host:5672/vhost. */
  @ToList()
  @ArrayNotEmpty()
  @IsUrl({ protocols: ['amqp', 'amqps'], require_tld: false, require_protocol: true }, { each: true })
  readonly RABBITMQ_URL: string[];

  /** How long a start waits for a broker that does not answer before it fails with a clear error. */
  @ToNumber() @IsInt() @Min(1000) readonly RABBITMQ_START_TIMEOUT_MS: number = 60_000;
}
