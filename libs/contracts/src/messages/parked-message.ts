/**
 * A message that was set aside because it could not be processed, with what is needed to look at it and to put it
 * back. It is read from a parked queue; nobody publishes it as such.
 */
export class ParkedMessage {
  static readonly type = 'parked';
  static readonly encoding = 'parked';

  /** `prk_…`: the same however often this copy of the message is read. */
  id: string;
  reason: string;
  parkedAt: string;
  /** The queue it was in, and is put back into. */
  queue: string;
  /** Where it had been published to, before it came into that queue. */
  exchange: string;
  routingKey: string;
  /** The AMQP properties it had, its headers among them. */
  properties: Record<string, unknown>;
  body: Buffer;
}
