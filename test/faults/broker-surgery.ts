import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { defaultBounds } from '#libs/messaging';
import { amqpAnswers, managementHeaders } from '#libs/servers';
import { type RunningPosthorn, until } from '#libs/testing';
import { connect } from 'amqplib';
import { provisionRabbitMq } from '../../scripts/start/provision-rabbitmq.js';
import { loadSecrets } from '../../scripts/start/secrets.js';

const backDeadlineMs = 90_000;

/** What can be done to the RabbitMQ of a running Posthorn, behind its back. */
export class BrokerSurgery {
  constructor(private readonly whole: RunningPosthorn) {}

  /** @returns when it answered again, in milliseconds since 1970. */
  async isBack(): Promise<number> {
    await until('RabbitMQ to be back', () => amqpAnswers(this.whole.run.amqpUrl), backDeadlineMs);
    return Date.now();
  }

  /** Only where it runs in Docker. */
  ctl(...args: readonly string[]): void {
    const { containerId } = this.whole.run.infrastructure.rabbitmq;
    if (containerId === undefined) throw new Error('This RabbitMQ is not in a container of ours.');
    execFileSync('docker', ['exec', containerId, 'rabbitmqctl', '--quiet', ...args], { stdio: 'ignore' });
  }

  /** As an operator would who has lost the disk: an empty broker, with the users there were. */
  async wipe(): Promise<void> {
    const { amqpUrl, rabbitmqManagementUrl: managementUrl } = this.whole.run;
    for (const command of ['stop_app', 'reset', 'start_app']) this.ctl(command);
    const secrets = await loadSecrets(join(this.whole.directory, 'secrets.json'));
    await provisionRabbitMq({ amqpUrl, managementUrl }, secrets, defaultBounds);
  }

  /** As an operator's mistake would. */
  async deleteQueues(): Promise<void> {
    const durable = (await this.#queues()).filter(({ exclusive }) => !exclusive);
    await Promise.all(durable.map(({ name }) => this.#manage('DELETE', `queues/%2F/${name}`)));
  }

  /** Straight into a queue, by whatever program has the right to. */
  async send(queue: string, body: string, properties: object): Promise<void> {
    const connection = await connect(this.whole.run.amqpUrl);
    try {
      const channel = await connection.createConfirmChannel();
      channel.sendToQueue(queue, Buffer.from(body), { persistent: true, ...properties });
      await channel.waitForConfirms();
    } finally {
      await connection.close();
    }
  }

  /** How many messages wait or are in hand in all queues of Posthorn. */
  async depth(): Promise<number> {
    return (await this.#queues()).reduce((sum, { messages = 0 }) => sum + messages, 0);
  }

  async #queues(): Promise<{ name: string; exclusive: boolean; messages?: number }[]> {
    const response = await this.#manage('GET', 'queues/%2F');
    return (await response.json()) as { name: string; exclusive: boolean; messages?: number }[];
  }

  #manage(method: string, path: string): Promise<Response> {
    const { amqpUrl, rabbitmqManagementUrl } = this.whole.run;
    return fetch(`${rabbitmqManagementUrl}/api/${path}`, { method, headers: managementHeaders(amqpUrl) });
  }
}
