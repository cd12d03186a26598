import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { QueueDefinition } from '#libs/contracts';
import { Logger } from '@nestjs/common';
import type { ChannelModel } from 'amqplib';
import { backoffMs } from './backoff.js';
import { BrokerConnection } from './broker-connection.js';
import { countReconnects } from './count-reconnects.js';
import { checkWorkQueues, declareOwnQueues } from './declare-topology.js';
import { brokerQueues, queuesOf } from './topology-plan.js';
import {
  BrokerUnavailableError,
  isMarkedTransient,
  messageOf,
  QueueMissingError,
  TopologyMismatchError,
} from './errors.js';
import { onChannel } from './on-channel.js';
import { Publisher } from './publisher.js';
import { Requester } from './requester.js';
import { withinDeadline } from './within-deadline.js';

const answerTimeoutMs = 5000;

export interface BrokerOptions {
  readonly app: string;
  readonly urls: readonly string[];
  readonly startTimeoutMs: number;
  readonly topology: readonly QueueDefinition[];
}

/**
 * This process' side of RabbitMQ: one connection to publish, one to consume. They are apart because under a memory
 * alarm RabbitMQ stops reading from a connection that publishes, acks included.
 */
export class Broker {
  readonly publishing: BrokerConnection;
  readonly consuming: BrokerConnection;
  readonly publisher: Publisher;
  readonly requester: Requester;
  readonly #logger = new Logger(Broker.name);
  readonly #asked = new Map<string, Promise<number | undefined>>();
  #opened: Promise<void> | undefined;
  /** Why there is no channel to publish on. */
  #obstacle = '';

  constructor(private readonly options: BrokerOptions) {
    this.publishing = new BrokerConnection(options.urls, `${options.app} publish`);
    this.consuming = new BrokerConnection(options.urls, `${options.app} consume`);
    countReconnects('publish', this.publishing);
    countReconnects('consume', this.consuming);
    this.publisher = new Publisher(this.publishing, randomUUID(), {
      prepare: (model) => this.#prepareToPublish(model),
      onTrouble: (error) => {
        if (!isConnectionLoss(error)) this.#tellOf(messageOf(error));
      },
    });
    this.requester = new Requester(options.app, this.consuming, this.publisher);
  }

  /** The queues that are this app's own to consume. */
  get ownQueues(): QueueDefinition[] {
    return queuesOf(this.options.app, this.options.topology);
  }

  get topology(): readonly QueueDefinition[] {
    return this.options.topology;
  }

  get startTimeoutMs(): number {
    return this.options.startTimeoutMs;
  }

  get app(): string {
    return this.options.app;
  }

  get isReady(): boolean {
    return this.publisher.isReady && this.requester.isReady && !this.publishing.isBlocked;
  }

  /**
   * Connects, declares the app's own queues, and returns when there is a channel to publish on.
   * @throws TopologyMismatchError, BrokerRefusedError or BrokerUnavailableError, each saying what to do.
   */
  open(): Promise<void> {
    return (this.#opened ??= this.#open());
  }

  /** This app's own queues. @throws TopologyMismatchError */
  declare(model: ChannelModel): Promise<void> {
    return declareOwnQueues(model, this.ownQueues);
  }

  /** Whether every message of a queue is in somebody's hands; false while the broker cannot be asked. */
  async isEmpty(queue: string): Promise<boolean> {
    const late = (): Error =>
      new BrokerUnavailableError(`RabbitMQ did not tell in time what is in ${queue}.`);
    try {
      return (await withinDeadline(this.#messagesIn(queue), answerTimeoutMs, late)) === 0;
    } catch {
      return false;
    }
  }

  /** What waits in each queue of this app's work, partitions one by one. Those that do not answer are left out. */
  async readyMessages(): Promise<(readonly [queue: string, count: number])[]> {
    const names = this.ownQueues
      .filter(({ kind }) => kind === 'work')
      .flatMap(brokerQueues)
      .map(({ name }) => name);
    const counts = await Promise.all(
      names.map(async (name) => [name, await this.#messagesIn(name).catch(() => undefined)] as const),
    );
    return counts.flatMap(([name, count]) => (count === undefined ? [] : [[name, count] as const]));
  }

  /** A queue that does not answer is not asked again before it has: each question holds a channel. */
  #messagesIn(queue: string): Promise<number | undefined> {
    const asked = this.#asked.get(queue) ?? this.#count(queue).finally(() => this.#asked.delete(queue));
    this.#asked.set(queue, asked);
    return asked;
  }

  async #count(queue: string): Promise<number | undefined> {
    const { model } = this.consuming;
    return model && (await onChannel(model, (channel) => channel.checkQueue(queue))).messageCount;
  }

  async close(): Promise<void> {
    await this.publisher.close();
    await Promise.all([this.publishing.close(), this.consuming.close()]);
  }

  async #open(): Promise<void> {
    const { startTimeoutMs } = this.options;
    await Promise.all([this.publishing.open(startTimeoutMs), this.consuming.open(startTimeoutMs)]);
    const undeclared = (): Error =>
      new BrokerUnavailableError('RabbitMQ did not answer in time when the queues were declared.');
    try {
      await withinDeadline(this.#declareAtStart(Date.now() + startTimeoutMs), startTimeoutMs, undeclared);
      await withinDeadline(
        Promise.all([this.publisher.opened, this.requester.opened]),
        startTimeoutMs,
        () =>
          new BrokerUnavailableError(`RabbitMQ did not let us publish in time. ${this.#obstacle}`.trimEnd()),
      );
    } catch (error) {
      if (!isMarkedTransient(error)) await Promise.all([this.publishing.close(), this.consuming.close()]);
      throw error;
    }
  }

  /** Our own queues come first: others wait for them as we wait for theirs. */
  async #prepareToPublish(model: ChannelModel): Promise<void> {
    await this.declare(model);
    const own = new Set(this.ownQueues);
    const others = this.options.topology.filter((queue) => !own.has(queue));
    await checkWorkQueues(model, others);
    this.#obstacle = '';
  }

  /** Once, however often it is tried again. */
  #tellOf(obstacle: string): void {
    if (obstacle !== this.#obstacle) this.#logger.warn({ message: 'broker.not-ready', reason: obstacle });
    this.#obstacle = obstacle;
  }

  /** A broker that has only just started itself may drop us while we declare: that is begun again. */
  async #declareAtStart(deadlineMs: number): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        if (this.consuming.model) return await this.declare(this.consuming.model);
      } catch (error) {
        if (!isConnectionLoss(error)) throw error;
      }
      if (Date.now() > deadlineMs)
        throw new BrokerUnavailableError('RabbitMQ went away while the queues were declared.');
      await delay(backoffMs(failures));
    }
  }
}

/** amqplib gives what the broker has refused a code; what ended with the connection has none. */
function isConnectionLoss(error: unknown): boolean {
  const isOurs = [TopologyMismatchError, QueueMissingError, BrokerUnavailableError].some(
    (type) => error instanceof type,
  );
  return !isOurs && (error as { code?: unknown }).code === undefined;
}
