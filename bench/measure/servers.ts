import { execFileSync } from 'node:child_process';
import { topology } from '#libs/contracts';
import type { RunDocument } from '#libs/testing';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import { Client } from 'pg';
import type { Groups } from './processes.js';

/** What waits to be worked on, whoever is to do it: the queues of all services. */
const queues = topology
  .filter(({ kind }) => kind === 'work')
  .flatMap(({ name, partitions }) =>
    partitions === undefined
      ? [name]
      : Array.from({ length: partitions }, (_, number) => `${name}.p${number}`),
  );

/** Looks into the RabbitMQ and Postgres of a running Posthorn. */
export class ServersProbe {
  private constructor(
    private readonly database: Client,
    private readonly broker: ChannelModel,
    private readonly channel: Channel,
  ) {}

  static async open({ databaseUrl, amqpUrl }: RunDocument): Promise<ServersProbe> {
    const database = new Client({ connectionString: databaseUrl });
    // The call that fails tells it. Unheard, here and below, it would end the process with a Posthorn left running.
    database.on('error', () => undefined);
    await database.connect();
    const broker = await connect(amqpUrl);
    broker.on('error', () => undefined);
    const channel = await broker.createChannel();
    channel.on('error', () => undefined);
    return new ServersProbe(database, broker, channel);
  }

  /** How much Postgres has ever written ahead, in bytes. */
  async walBytes(): Promise<number> {
    const { rows } = await this.database.query<{ bytes: string }>(
      "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bytes",
    );
    return Number(rows[0]?.bytes);
  }

  /** How many messages of RabbitMQ are in nobody's hands, by queue; queues without any are left out. */
  async waiting(): Promise<Record<string, number>> {
    const counts = await Promise.all(
      queues.map(async (queue) => [queue, (await this.channel.checkQueue(queue)).messageCount] as const),
    );
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  /** How many attempts the ledger has ever recorded. Postgres tells it a second late, and later of who has nothing to do. */
  async recorded(): Promise<number> {
    const { rows } = await this.database.query<{ rows: string }>(
      "select coalesce(sum(n_tup_ins), 0) as rows from pg_stat_user_tables where relname ~ '^attempts'",
    );
    return Number(rows[0]?.rows);
  }

  async close(): Promise<void> {
    await this.broker.close();
    await this.database.end();
  }
}

/** The processes of a running Posthorn: each service, RabbitMQ, Postgres. Of an external server nothing is known. */
export function groupsOf({ services, infrastructure }: RunDocument): Groups {
  const byName = Map.groupBy(services, ({ name }) => name);
  return {
    ...Object.fromEntries([...byName].map(([name, entries]) => [name, entries.map(({ pid }) => pid)])),
    rabbitmq: pidsOf(infrastructure.rabbitmq),
    postgres: pidsOf(infrastructure.postgres),
  };
}

export function serviceProcesses({ services }: RunDocument): number[] {
  return services.map(({ pid }) => pid);
}

function pidsOf({ pid, containerId }: RunDocument['infrastructure']['rabbitmq']): number[] {
  if (containerId === undefined) return pid === undefined ? [] : [pid];
  return [
    Number(execFileSync('docker', ['inspect', '-f', '{{.State.Pid}}', containerId], { encoding: 'utf8' })),
  ];
}
