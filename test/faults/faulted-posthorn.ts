import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RunningPosthorn, type TcpProxy, until } from '#libs/testing';
import type { Timetable } from './audit.js';
import { Balancer } from './balancer.js';
import { BrokerSurgery } from './broker-surgery.js';
import type { Cluster } from './cluster.js';
import { DatabaseSurgery } from './database-surgery.js';
import type { SmallDisk } from './small-disk.js';

export const timetable: Timetable = { scheduleMs: [300, 600, 1200], jitter: 0.2 };

/** Longer than a service is away that was killed, so that the sweeper has nothing to repair. */
export const sweepAfterMs = 20_000;

export interface Surroundings {
  /** On top of what every fault test starts with. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the build is, if it is not ours. */
  readonly root?: string;
  /** The network before the broker. */
  readonly link?: TcpProxy;
  readonly cluster?: Cluster;
  readonly smallDisk?: SmallDisk;
  readonly hasSeveralGateways?: boolean;
  /** Ends what it was started on. */
  readonly end?: () => Promise<void>;
}

/** A running Posthorn that can be hurt. */
export class FaultedPosthorn {
  readonly broker: BrokerSurgery;
  readonly database: DatabaseSurgery;
  /** Where there are several gateways. */
  readonly #balancer: Balancer | undefined;

  private constructor(
    readonly whole: RunningPosthorn,
    private readonly armingFile: string,
    private readonly surroundings: Surroundings,
  ) {
    this.broker = new BrokerSurgery(whole);
    this.database = new DatabaseSurgery(whole);
    if (!surroundings.hasSeveralGateways) return;
    const balancer = new Balancer(whole);
    this.#balancer = balancer;
    whole.chooseGateway = () => balancer.choose();
  }

  static async start(surroundings: Surroundings = {}): Promise<FaultedPosthorn> {
    const armingFile = resolve('.posthorn/test/failpoint');
    mkdirSync(dirname(armingFile), { recursive: true });
    writeFileSync(armingFile, '');
    const environment = {
      POSTHORN_FAILPOINT: `@${armingFile}`,
      RETRY_SCHEDULE: timetable.scheduleMs.map((ms) => `${ms}ms`).join(','),
      RETRY_JITTER: String(timetable.jitter),
      // The retries of endpoints that do not answer are audited by the timetable; no circuit is to hold them.
      CIRCUIT_FAILURES: '1000000',
      SWEEP_AFTER: `${sweepAfterMs}ms`,
      SWEEP_INTERVAL_MS: '500',
      MAX_DESTINATIONS_PER_TENANT: '10000',
      // Few tenants publish all that there is.
      PUBLISH_RATE_EVENTS_PER_TENANT: '0',
      PUBLISH_RATE_BYTES_PER_TENANT: '0',
      ...surroundings.environment,
    };
    try {
      const whole = await RunningPosthorn.start('faults', environment, surroundings.root);
      const posthorn = new FaultedPosthorn(whole, armingFile, surroundings);
      await posthorn.untilBalanced();
      return posthorn;
    } catch (error) {
      await surroundings.end?.();
      throw error;
    }
  }

  /** Where its build is, if it is a copy. */
  get root(): string {
    return present(this.surroundings.root, 'a build of its own');
  }

  get link(): TcpProxy {
    return present(this.surroundings.link, 'a network of its own');
  }

  get cluster(): Cluster {
    return present(this.surroundings.cluster, 'a cluster');
  }

  get smallDisk(): SmallDisk {
    return present(this.surroundings.smallDisk, 'a small disk');
  }

  /** Of the broker door; where there are several nodes, one after the other. */
  publisherUrl(): string {
    return this.surroundings.cluster?.nextPublisherUrl() ?? this.whole.run.publisherAmqpUrl;
  }

  /** Resolves when all gateways are used. */
  async untilBalanced(): Promise<void> {
    await until('the balancer to use all gateways', () => this.#balancer?.areAllReady ?? true);
  }

  /** From now on one failpoint, as `POSTHORN_FAILPOINT` says it; none for an empty text. */
  arm(failpoint: string): void {
    writeFileSync(this.armingFile, failpoint);
  }

  /** How often a failpoint has killed its service since the start. */
  strikesAt(point: string): number {
    const service = point.split('.')[0] ?? '';
    return this.linesOf(service).filter((line) => line === `{"message":"failpoint","name":"${point}"}`)
      .length;
  }

  /** How much the sweeper has sent again since the start. */
  get repairs(): number {
    return this.linesOf('ledger')
      .filter((line) => line.includes('"sweep.repaired"'))
      .reduce((sum, line) => sum + (JSON.parse(line) as { 'posthorn.count': number })['posthorn.count'], 0);
  }

  killServices(): void {
    this.signal('SIGKILL', ...this.whole.run.services.map(({ name }) => name));
  }

  /** To all processes of these services. */
  signal(signal: NodeJS.Signals, ...names: readonly string[]): void {
    for (const { pid } of this.whole.run.services.filter(({ name }) => names.includes(name))) {
      try {
        process.kill(pid, signal);
      } catch {
        // It is being started again at this moment.
      }
    }
  }

  async stop(): Promise<void> {
    this.#balancer?.stop();
    await this.whole.stop();
    await this.surroundings.end?.();
  }

  /** Of the logs of all processes of a service. */
  linesOf(service: string): string[] {
    const logs = join(this.whole.directory, 'logs');
    const names = readdirSync(logs).filter((name) => name.replace(/(-\d+)?\.log$/, '') === service);
    return names.flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'));
  }
}

function present<Thing>(thing: Thing | undefined, what: string): Thing {
  if (thing === undefined) throw new Error(`This row needs ${what}: its stage is wrong.`);
  return thing;
}
