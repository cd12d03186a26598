import { ToNumber } from '#libs/config';
import { type BrokerBounds, defaultBounds } from '#libs/messaging';
import { IsInt, Max, Min } from 'class-validator';

const MIB = 1024 * 1024;

/** What provisioning sets in RabbitMQ, each time it runs. */
export class ProvisionConfig {
  /**
   * How many bytes of events from AMQP publishers may wait for the gateway in `gateway.ingest-event`. Beyond it RabbitMQ
   * answers a publisher `nack` at once; publishing over HTTP is not affected. As many again may wait in its dead-letter
   * queue.
   * @default 1 GiB
   */
  @ToNumber()
  @IsInt()
  @Min(16 * MIB)
  readonly MAX_INGEST_QUEUE_BYTES: number = defaultBounds.maxIngestQueueBytes;

  /** How many connections the RabbitMQ user of publishers may have at once. */
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(100_000)
  readonly MAX_PUBLISHER_CONNECTIONS: number = defaultBounds.maxPublisherConnections;

  /** How many channels they may have together. */
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  readonly MAX_PUBLISHER_CHANNELS: number = defaultBounds.maxPublisherChannels;
}

export function boundsOf(config: ProvisionConfig): BrokerBounds {
  return {
    maxIngestQueueBytes: config.MAX_INGEST_QUEUE_BYTES,
    maxPublisherConnections: config.MAX_PUBLISHER_CONNECTIONS,
    maxPublisherChannels: config.MAX_PUBLISHER_CHANNELS,
  };
}
