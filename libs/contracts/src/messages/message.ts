/**
 * A message class: one wire name, one shape. A field with a closed set of values is validated as text: a newer sender may
 * write a value that the reader does not have, and each reader has a safe meaning for it.
 * `json`: the fields are the JSON body. `headers`: the fields are AMQP headers and `body` is opaque bytes.
 * `foreign`: written by a publisher outside; handed on as it came.
 * `parked`: any of these, as it was set aside.
 */
export interface MessageType<Message extends object = object> {
  new (): Message;
  readonly type: string;
  readonly encoding: 'json' | 'headers' | 'foreign' | 'parked';
  /** The field whose value decides on the queue, where the topology splits the work into partitions. */
  readonly partitionKey?: string;
  /**
   * Those of one routing key travel as one message of RabbitMQ where they are published together, or no more than so many
   * milliseconds after the one before. For what is handled in batches, and soon: none of them is acknowledged to RabbitMQ
   * before all are. Undefined: each travels alone.
   */
  readonly bundleEveryMs?: number;
}

/** The reply that a request asks for, carried in its type only: on the wire it is a message like any other. */
export abstract class Asking<Reply> {
  declare readonly reply?: Reply;
}

export type ReplyOf<Request> = Request extends Asking<infer Reply> ? Reply : never;

/** Fills a message from its fields; the class is what gives it a wire name. */
export function create<Message extends object>(
  type: new () => Message,
  fields: Omit<Message, 'reply'>,
): Message {
  return Object.assign(new type(), fields);
}
