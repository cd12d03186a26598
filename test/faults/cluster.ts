import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { amqpAnswers, freePorts, images, rabbitMqAnswers, waitUntil } from '#libs/servers';
import { until } from '#libs/testing';
import { docker, quietly } from './docker.js';

const names = ['rabbit1', 'rabbit2', 'rabbit3'] as const;
const prefix = 'posthorn-fault-cluster';
/** The nodes talk over one, clients over the other: a partition between nodes cuts nobody else off. */
const networks = { nodes: `${prefix}-nodes`, clients: `${prefix}-clients` };
const credentials = 'posthorn:posthorn';
const startDeadlineMs = 120_000;
const configuration = 'cluster_partition_handling = pause_minority\nloopback_users = none\n';

interface Node {
  readonly name: string;
  readonly container: string;
  readonly amqpUrl: string;
  readonly managementUrl: string;
}

/** Three RabbitMQ nodes in Docker. */
export class Cluster {
  #turn = 0;

  private constructor(readonly nodes: readonly Node[]) {}

  static async start(): Promise<Cluster> {
    const wanted = names.flatMap((name) => [`${name}-amqp`, `${name}-management`]);
    const ports = await freePorts(resolve('.posthorn', 'test', 'cluster-ports.json'), wanted);
    const nodes = names.map((name) => ({
      name,
      container: `${prefix}-${name}`,
      amqpUrl: `amqp://${credentials}@127.0.0.1:${ports[`${name}-amqp`]}`,
      managementUrl: `http://127.0.0.1:${ports[`${name}-management`]}`,
    }));
    const cluster = new Cluster(nodes);
    cluster.stop();
    for (const network of Object.values(networks)) docker('network', 'create', network);
    createNodes(nodes);
    await Promise.all(nodes.map(({ amqpUrl, managementUrl }) => answers(amqpUrl, managementUrl)));
    for (const { container } of nodes.slice(1)) {
      ctl(container, 'stop_app');
      ctl(container, 'join_cluster', `rabbit@${names[0]}`);
      ctl(container, 'start_app');
    }
    return cluster;
  }

  /** Of all nodes, as services take it. */
  get amqpUrls(): string {
    return this.nodes.map(({ amqpUrl }) => amqpUrl).join(',');
  }

  get managementUrl(): string {
    return this.nodes[0]?.managementUrl ?? '';
  }

  nextPublisherUrl(): string {
    return this.next().amqpUrl;
  }

  /** One node after the other. */
  next(): Node {
    const node = this.nodes[this.#turn++ % this.nodes.length];
    if (!node) throw new Error('a cluster has nodes');
    return node;
  }

  kill({ container }: Node): void {
    docker('kill', container);
  }

  /** @returns when it answered again, in milliseconds since 1970. */
  async startAgain({ container, amqpUrl }: Node): Promise<number> {
    docker('start', container);
    await until(`${container} to answer`, () => amqpAnswers(amqpUrl), startDeadlineMs);
    return Date.now();
  }

  /** In good order, as an upgrade does. */
  async restart(node: Node): Promise<number> {
    docker('stop', '-t', '30', node.container);
    return this.startAgain(node);
  }

  isolate({ container }: Node): void {
    docker('network', 'disconnect', networks.nodes, container);
  }

  join({ name, container }: Node): void {
    docker('network', 'connect', '--alias', name, networks.nodes, container);
  }

  /** Nothing of it is left. */
  stop(): void {
    for (const { container } of this.nodes) quietly('rm', '--force', '--volumes', container);
    for (const network of Object.values(networks)) quietly('network', 'rm', network);
  }
}

function createNodes(nodes: readonly Node[]): void {
  const cookie = randomBytes(16).toString('hex');
  const directory = mkdtempSync(join(tmpdir(), 'posthorn-cluster-'));
  const file = join(directory, '20-cluster.conf');
  writeFileSync(file, configuration);
  const [user = '', password = ''] = credentials.split(':');
  for (const { name, container, amqpUrl, managementUrl } of nodes) {
    const publish = [
      '--publish',
      `127.0.0.1:${new URL(amqpUrl).port}:5672`,
      '--publish',
      `127.0.0.1:${new URL(managementUrl).port}:15672`,
    ];
    const variables = {
      RABBITMQ_ERLANG_COOKIE: cookie,
      RABBITMQ_DEFAULT_USER: user,
      RABBITMQ_DEFAULT_PASS: password,
      RABBITMQ_NODENAME: `rabbit@${name}`,
    };
    const environment = Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const identity = ['--name', container, '--hostname', name, '--network', networks.clients];
    docker('create', '--pull', 'never', ...identity, ...publish, ...environment, images.rabbitmq);
    docker('network', 'connect', '--alias', name, networks.nodes, container);
    docker('cp', file, `${container}:/etc/rabbitmq/conf.d/20-cluster.conf`);
    docker('start', container);
  }
  rmSync(directory, { recursive: true });
}

function answers(amqpUrl: string, managementUrl: string): Promise<void> {
  return waitUntil(() => rabbitMqAnswers(amqpUrl, managementUrl), {
    failure: 'A node of the cluster does not answer',
    deadlineMs: startDeadlineMs,
    gone: new Promise(() => undefined),
  });
}

function ctl(container: string, ...args: readonly string[]): void {
  docker('exec', container, 'rabbitmqctl', '--quiet', ...args);
}
