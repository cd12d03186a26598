/** What outside publishers may take of RabbitMQ. */
export interface BrokerBounds {
  /** Of the messages that wait for the gateway, and again of those that it could not process. */
  readonly maxIngestQueueBytes: number;
  readonly maxPublisherConnections: number;
  readonly maxPublisherChannels: number;
}

export const defaultBounds: BrokerBounds = {
  maxIngestQueueBytes: 1024 * 1024 * 1024,
  maxPublisherConnections: 100,
  maxPublisherChannels: 1000,
};

export interface BrokerPolicy {
  readonly name: string;
  readonly pattern: string;
  readonly 'apply-to': 'queues';
  readonly priority: number;
  readonly definition: Readonly<Record<string, unknown>>;
}

/**
 * Bounds the queue of what publishers outside send, and its dead letters, in bytes: beyond it RabbitMQ answers `nack` at
 * once. A policy and no argument: it also applies to a queue that exists, and an operator may change it. The queues between
 * services have no bound: what is in them was accepted, and a service that is refused would only stop working.
 */
export function ingestPolicy({ maxIngestQueueBytes }: BrokerBounds): BrokerPolicy {
  return {
    name: 'posthorn-ingest',
    pattern: '^gateway\\.ingest-event(\\.parked)?$',
    'apply-to': 'queues',
    priority: 1,
    definition: { 'max-length-bytes': maxIngestQueueBytes, overflow: 'reject-publish' },
  };
}

/** By RabbitMQ's names, for the user that publishers share. */
export function publisherLimits(bounds: BrokerBounds): Readonly<Record<string, number>> {
  return {
    'max-connections': bounds.maxPublisherConnections,
    'max-channels': bounds.maxPublisherChannels,
  };
}
