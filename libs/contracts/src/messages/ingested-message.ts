/**
 * What an outside publisher put into the broker door, as it came: nothing of it is trusted or decoded yet.
 * Its wire name is Posthorn's own; the publisher writes none.
 */
export class IngestedMessage {
  static readonly type = 'ingested';
  static readonly encoding = 'foreign';

  /** The tenant's id, if the publisher is right. */
  routingKey: string;
  messageId?: string;
  contentType?: string;
  contentEncoding?: string;
  headers: Record<string, unknown>;
  body: Buffer;
}
