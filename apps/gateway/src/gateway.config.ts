import { IsStrong, Secret, ToBoolean, ToNumber, ToSecret, ToSecrets } from '#libs/config';
import { IsBoolean, IsIn, IsInstance, IsInt, IsNumber, IsString, Max, Min } from 'class-validator';

const MIB = 1024 * 1024;

const accessLogs = ['all', 'calls', 'failed', 'off'] as const;
export type AccessLog = (typeof accessLogs)[number];

export class GatewayConfig {
  /** Where the API is served, without TLS: put a balancer before it that has a certificate. 0: a free port. */
  @ToNumber() @IsInt() @Min(0) @Max(65_535) readonly GATEWAY_PORT: number = 8080;

  /** The address that it listens on: all of the machine's. */
  @IsString() readonly GATEWAY_HOST: string = '0.0.0.0';

  /** The key that may do everything. There is no default: an installation without a key of its own does not start. */
  @ToSecret()
  @IsInstance(Secret, { message: 'POSTHORN_ROOT_KEY must be set to a long random text of your own' })
  @IsStrong()
  readonly POSTHORN_ROOT_KEY: Secret;

  /**
   * What API keys are hashed with: another long random text, the same for all gateways. Several, comma separated, to
   * change it: the first hashes new keys, a key works as long as the one that it was made with is here. By default the
   * root key, so that to change the root key is to put the old one here.
   */
  @ToSecrets()
  @IsStrong()
  readonly POSTHORN_KEY_PEPPER: Secret[] = [];

  /**
   * How many calls a second each API key may make, the root key excepted; two seconds' worth at once. Each gateway
   * process counts for itself. 0: as many as it likes.
   */
  @ToNumber() @IsNumber() @Min(0) @Max(1_000_000) readonly API_RATE_PER_KEY: number = 0;

  /**
   * How many events a second may be published for each tenant over HTTP, singly or in batches; two seconds' worth at
   * once. Each gateway process counts for itself. 0: as many as there are.
   */
  @ToNumber() @IsInt() @Min(0) @Max(1_000_000) readonly PUBLISH_RATE_EVENTS_PER_TENANT: number = 2000;

  /** The same for the bytes of the bodies that are sent for publishing: 16 MiB. */
  @ToNumber() @IsInt() @Min(0) @Max(1024 * MIB) readonly PUBLISH_RATE_BYTES_PER_TENANT: number = 16 * MIB;

  /** How many calls a second may be made for each tenant, whatever the key; two seconds' worth at once. */
  @ToNumber() @IsNumber() @Min(0) @Max(1_000_000) readonly API_RATE_PER_TENANT: number = 0;

  /** The largest `data` of an event, as bytes of JSON. RabbitMQ's own limit for a message is 16 MiB. */
  @ToNumber() @IsInt() @Min(1024) @Max(8 * MIB) readonly MAX_PAYLOAD_BYTES: number = 256 * 1024;

  /** Takes only events of types that are registered. */
  @ToBoolean() @IsBoolean() readonly EVENT_TYPES_STRICT: boolean = false;

  /** The largest body of a batch. What one is made of waits in memory for RabbitMQ's confirms. */
  @ToNumber() @IsInt() @Min(1024) @Max(32 * MIB) readonly MAX_BATCH_BYTES: number = 8 * MIB;

  /** How long a publisher waits for RabbitMQ's confirm before it is told to try again. */
  @ToNumber() @IsInt() @Min(100) @Max(60_000) readonly PUBLISH_TIMEOUT_MS: number = 5000;

  /**
   * How long a gateway that is told to stop still serves after /health/ready has turned 503. Longer than a balancer
   * needs to notice; a stop takes 30 s at most, this included.
   */
  @ToNumber() @IsInt() @Min(0) @Max(15_000) readonly DRAIN_DELAY_MS: number = 5000;

  /**
   * Which requests have a line in the log, once they are answered: `calls` is all but those for health, `failed` those
   * answered with 400 or more or not at all. A line costs some 35 µs of a processor.
   */
  @IsIn(accessLogs) readonly ACCESS_LOG: AccessLog = 'calls';
}
