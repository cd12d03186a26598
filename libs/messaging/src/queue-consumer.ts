import { setTimeout as delay } from 'node:timers/promises';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { Acks } from './acks.js';
import { backoffMs } from './backoff.js';
import type { BrokerConnection } from './broker-connection.js';

/** A message in hand, until `ack` or `leave`. What is not acked comes back when its channel goes. */
export interface Incoming {
  readonly queue: string;
  readonly message: ConsumeMessage;
  /** True when its channel is gone: the broker gives the message to somebody else, and `ack` does nothing. */
  readonly isLost: () => boolean;
  readonly ack: () => void;
  /** Nobody works on it any more: unless it is settled, the broker gives it to somebody else when its channel goes. */
  readonly leave: () => void;
  /** Resolves when the broker has heard every ack of its channel so far, or the channel is gone. */
  readonly acksHeard: () => Promise<void>;
}

export interface ConsumerOptions {
  /** For people: a broadcast queue has another one in the broker. */
  readonly name: string;
  readonly connection: BrokerConnection;
  readonly prefetch: number;
  /** Makes sure that the queue is there, and names it: run before each (re)start of consuming. */
  readonly prepare: (channel: Channel, model: ChannelModel) => Promise<string>;
  readonly onMessage: (incoming: Incoming) => void;
  readonly onTrouble: (error: unknown) => void;
}

const silenceMs = 10_000;
const silent =
  'RabbitMQ does not answer for this queue. If it has no leader and gets none (rabbitmqctl list_queues name leader), ' +
  'delete it: it is declared anew';

/** Consumes from one queue on a channel of its own, and starts again whenever the channel or the queue goes away. */
export class QueueConsumer {
  readonly #firstConsuming = Promise.withResolvers<void>();
  #channel: Channel | undefined;
  #consumerTag: string | undefined;
  #stopping = false;
  #opening: Promise<void> = Promise.resolve();
  #inHand = 0;
  #onDrained: (() => void) | undefined;

  constructor(private readonly options: ConsumerOptions) {
    options.connection.on('up', (model) => void this.#keepConsuming(model));
    if (options.connection.model) void this.#keepConsuming(options.connection.model);
  }

  get name(): string {
    return this.options.name;
  }

  get isConsuming(): boolean {
    return this.#consumerTag !== undefined;
  }

  /** How many messages are being worked on. */
  get inHand(): number {
    return this.#inHand;
  }

  /** How many may be at once. */
  get prefetch(): number {
    return this.options.prefetch;
  }

  /** Resolves when the queue is consumed for the first time. */
  get started(): Promise<void> {
    return this.#firstConsuming.promise;
  }

  /** Takes no more messages; those already here go on to be handled. */
  async cancel(): Promise<void> {
    this.#stopping = true;
    // What is being opened now would still get messages.
    await this.#opening.catch(() => undefined);
    const tag = this.#consumerTag;
    this.#consumerTag = undefined;
    if (tag !== undefined) await this.#channel?.cancel(tag).catch(() => undefined);
  }

  /** Resolves when nothing is in hand. */
  async drained(): Promise<void> {
    if (this.#inHand > 0) await new Promise<void>((resolve) => (this.#onDrained = resolve));
  }

  async #keepConsuming(model: ChannelModel): Promise<void> {
    for (let failures = 0; this.options.connection.model === model && !this.#stopping; failures++) {
      try {
        this.#opening = this.#consume(model);
        await this.#opening;
        return;
      } catch (error) {
        this.options.onTrouble(error);
        await delay(backoffMs(failures), undefined, { ref: false });
      }
    }
  }

  /** A queue without a leader answers when it has one again: that is waited for, but not in silence. */
  async #consume(model: ChannelModel): Promise<void> {
    const silence = setTimeout(() => this.options.onTrouble(new Error(silent)), silenceMs);
    try {
      await this.#open(model);
    } finally {
      clearTimeout(silence);
    }
  }

  async #open(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    let open = true;
    channel.on('error', (error) => this.options.onTrouble(error));
    channel.on('close', () => {
      open = false;
      this.#forget(channel, model);
    });
    const queue = await this.options.prepare(channel, model);
    await channel.prefetch(this.options.prefetch);
    const acks = new Acks<ConsumeMessage>((message, allUpTo) => {
      if (open) channel.ack(message, allUpTo);
    });
    const { consumerTag } = await channel.consume(queue, (message) => {
      // A null message is the broker's cancel: the queue was deleted, or its leader moved away.
      if (message === null) void channel.close().catch(() => undefined);
      else this.#receive(this.#incoming(queue, message, { channel, acks, isOpen: () => open }));
    });
    if (!open) throw new Error(`the channel of ${queue} closed while it was opened`);
    this.#channel = channel;
    if (this.#stopping) await channel.cancel(consumerTag);
    else this.#consumerTag = consumerTag;
    this.#firstConsuming.resolve();
  }

  /** A callback that throws would end the channel, and the connection with it. */
  #receive(incoming: Incoming): void {
    try {
      this.options.onMessage(incoming);
    } catch (error) {
      this.options.onTrouble(error);
      incoming.leave();
    }
  }

  #forget(channel: Channel, model: ChannelModel): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    this.#consumerTag = undefined;
    this.#inHand = 0;
    this.#onDrained?.();
    void this.#keepConsuming(model);
  }

  #incoming(
    queue: string,
    message: ConsumeMessage,
    { channel, acks, isOpen }: { channel: Channel; acks: Acks<ConsumeMessage>; isOpen: () => boolean },
  ): Incoming {
    this.#inHand++;
    acks.came(message);
    let isInHand = true;
    const leave = (): void => {
      if (!isInHand || !isOpen()) return;
      isInHand = false;
      if (--this.#inHand > 0) return;
      // Whoever waits for this may close the channel.
      acks.flush();
      this.#onDrained?.();
    };
    return {
      queue,
      message,
      isLost: () => !isOpen(),
      ack: () => {
        if (!isInHand || !isOpen()) return;
        acks.done(message);
        leave();
      },
      leave,
      acksHeard: async () => {
        acks.flush();
        // Any call that the broker answers: it has then seen what was sent before.
        if (isOpen()) await channel.prefetch(this.options.prefetch).catch(() => undefined);
      },
    };
  }
}
