import { exchange, type ParkedMessage, type ReplyOf } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import { ClientProxy, type ReadPacket, type WritePacket } from '@nestjs/microservices';
import { Broker } from './broker.js';
import { Bundler } from './bundler.js';
import { encode, type Encoded, typeOf } from './codec.js';
import { BrokerUnavailableError, messageOf } from './errors.js';
import { putBack } from './put-back.js';
import { beginSend, ending } from './trace-sending.js';
import { windowed } from './windowed.js';

const publishDeadlineMs = 10_000;
const replyDeadlineMs = 5000;
const publishWindow = { messages: 1000, bytes: 16 * 1024 * 1024 };

/**
 * Nest's client over our broker. `confirm` and `ask` take a message of the contracts and know its wire name and, for a
 * request, the shape of its reply; `emit` and `send` are the same for whoever prefers Nest's own.
 */
@Injectable()
export class AmqpClient extends ClientProxy {
  readonly #bundler = new Bundler((encoded, deadlineMs) => this.#publish(encoded, deadlineMs));

  constructor(private readonly broker: Broker) {
    super();
  }

  /**
   * Publishes, and resolves when the broker has confirmed.
   * @throws BrokerUnavailableError, UnroutableError
   */
  confirm(message: object, deadlineMs: number = publishDeadlineMs): Promise<void> {
    const encoded = encode(message);
    const span = beginSend(message, encoded);
    const { bundleEveryMs } = typeOf(message);
    const published =
      bundleEveryMs === undefined
        ? this.#publish(encoded, deadlineMs)
        : this.#bundler.add(encoded, { deadlineMs, everyMs: bundleEveryMs });
    return ending(span, published);
  }

  /** Publishes many, a bounded number at a time, and resolves when all are confirmed. */
  confirmAll(messages: Iterable<object>): Promise<void> {
    return windowed(messages, (message) => this.confirm(message), {
      window: publishWindow,
      sizeOf: (message) => ('body' in message && Buffer.isBuffer(message.body) ? message.body.length : 0),
    });
  }

  /**
   * Puts a parked message back into the queue that it was in, with the properties that it had.
   * @returns nothing when the broker has confirmed it, else why it cannot be put back, for instance because the queue
   *   is gone.
   * @throws BrokerUnavailableError
   */
  async putBack(parked: ParkedMessage): Promise<string | undefined> {
    try {
      await this.broker.publisher.publish(putBack(parked), publishDeadlineMs);
      return undefined;
    } catch (error) {
      if (error instanceof BrokerUnavailableError) throw error;
      return messageOf(error);
    }
  }

  /** Whether every message of a queue is in somebody's hands; false while the broker cannot be asked. */
  isEmpty(queue: string): Promise<boolean> {
    return this.broker.isEmpty(queue);
  }

  /** @throws Problem as the other service answered it; `unavailable` if it did not answer in time. */
  ask<Request extends object>(
    request: Request,
    deadlineMs: number = replyDeadlineMs,
  ): Promise<ReplyOf<Request>> {
    return this.broker.requester.ask(request, deadlineMs) as Promise<ReplyOf<Request>>;
  }

  override connect(): Promise<void> {
    return this.broker.open();
  }

  /** The broker outlives its clients: MessagingModule closes it last. */
  override close(): void {}

  override unwrap<T>(): T {
    return this.broker as T;
  }

  protected override publish(packet: ReadPacket, callback: (packet: WritePacket) => void): () => void {
    this.ask(packet.data as object).then(
      (response: unknown) => callback({ response, isDisposed: true }),
      (err: unknown) => callback({ err }),
    );
    return () => undefined;
  }

  protected override dispatchEvent<T>(packet: ReadPacket): Promise<T> {
    return this.confirm(packet.data as object) as Promise<T>;
  }

  #publish(encoded: Encoded, deadlineMs: number): Promise<void> {
    return this.broker.publisher.publish({ exchange, ...encoded }, deadlineMs);
  }
}
