import { startTestServers, TcpProxy } from '#libs/testing';
import { copyBuild } from './builds.js';
import { Cluster } from './cluster.js';
import { FaultedPosthorn } from './faulted-posthorn.js';
import { scaleOf } from './restarts.js';
import type { Row } from './rows/row.js';
import { SmallDisk } from './small-disk.js';

type Stage = NonNullable<Row['stage']>;
type Say = (line: string) => void;

const twoOfEach = { environment: { POSTHORN_SCALE: scaleOf(2) }, hasSeveralGateways: true };

/** How each kind of stage is set up. */
export const startStage: Record<Stage, (say: Say) => Promise<FaultedPosthorn>> = {
  own: () => FaultedPosthorn.start(),
  scaled: () => FaultedPosthorn.start(twoOfEach),
  upgradable: () => FaultedPosthorn.start({ ...twoOfEach, root: copyBuild('next-version') }),
  proxied: startProxied,
  cluster: startClustered,
  'small-disk': startOnSmallDisk,
};

async function startProxied(say: Say): Promise<FaultedPosthorn> {
  const servers = await startTestServers(process.env, say);
  const broker = new URL(servers.amqpUrl);
  const link = await TcpProxy.start({ host: broker.hostname, port: Number(broker.port) });
  broker.hostname = '127.0.0.1';
  broker.port = String(link.port);
  return FaultedPosthorn.start({
    link,
    environment: {
      RABBITMQ_URL: broker.href,
      RABBITMQ_MANAGEMENT_URL: servers.managementUrl,
      DATABASE_URL: servers.databaseUrl,
    },
    end: async () => {
      await link.stop();
      await servers.stop();
    },
  });
}

async function startClustered(): Promise<FaultedPosthorn> {
  const cluster = await Cluster.start();
  return FaultedPosthorn.start({
    cluster,
    environment: { RABBITMQ_URL: cluster.amqpUrls, RABBITMQ_MANAGEMENT_URL: cluster.managementUrl },
    end: async () => cluster.stop(),
  });
}

async function startOnSmallDisk(): Promise<FaultedPosthorn> {
  const smallDisk = await SmallDisk.start();
  return FaultedPosthorn.start({
    smallDisk,
    environment: { DATABASE_URL: smallDisk.databaseUrl },
    end: async () => smallDisk.stop(),
  });
}
