import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { basicAuthorization } from '#libs/servers';
import { RunningPosthorn, type ServiceEntry, until } from '#libs/testing';
import type { Timetable } from './audit.js';
import { Balancer, isReady } from './balancer.js';

export const timetable: Timetable = { scheduleMs: [300, 600, 1200], jitter: 0.2 };

const services = ['gateway', 'dispatcher', 'ledger', 'router', 'registry', 'alerts'] as const;
const restartDeadlineMs = 60_000;

/** A running Posthorn that can be hurt. */
export class FaultedPosthorn {
  /** Where there are several gateways. */
  readonly #balancer: Balancer | undefined;

  private constructor(
    readonly whole: RunningPosthorn,
    private readonly armingFile: string,
    processes: number,
  ) {
    if (processes === 1) return;
    const balancer = new Balancer(whole);
    this.#balancer = balancer;
    whole.chooseGateway = () => balancer.choose();
  }

  /**
   * @param mutantRoot has a broken build. Nothing is swept up after it: the sweeper would mend what it breaks.
   * @param processes of each service.
   */
  static async start(mutantRoot?: string, processes = 1): Promise<FaultedPosthorn> {
    const armingFile = resolve('.posthorn/test/failpoint');
    mkdirSync(dirname(armingFile), { recursive: true });
    writeFileSync(armingFile, '');
    // Where many processes share a machine, what is slow is not lost yet.
    const sweepAfter = processes > 1 ? '15s' : '5s';
    const environment = {
      POSTHORN_FAILPOINT: `@${armingFile}`,
      RETRY_SCHEDULE: timetable.scheduleMs.map((ms) => `${ms}ms`).join(','),
      RETRY_JITTER: String(timetable.jitter),
      SWEEP_AFTER: mutantRoot === undefined ? sweepAfter : '1h',
      SWEEP_INTERVAL_MS: '500',
      ...(processes > 1 && { POSTHORN_SCALE: services.map((name) => `${name}=${processes}`).join(',') }),
    };
    const name = processes > 1 ? `faults-${processes}` : 'faults';
    const whole = await RunningPosthorn.start(name, environment, mutantRoot);
    const posthorn = new FaultedPosthorn(whole, armingFile, processes);
    await posthorn.#untilBalanced();
    return posthorn;
  }

  /** From now on one failpoint, as `POSTHORN_FAILPOINT` says it; none for an empty text. */
  arm(failpoint: string): void {
    writeFileSync(this.armingFile, failpoint);
  }

  /** How often a failpoint has killed its service since the start. */
  strikesAt(point: string): number {
    const service = point.split('.')[0] ?? '';
    return this.#linesOf(service).filter((line) => line === `{"message":"failpoint","name":"${point}"}`)
      .length;
  }

  /** How much the sweeper has sent again since the start. */
  get repairs(): number {
    return this.#linesOf('ledger')
      .filter((line) => line.includes('"sweep.repaired"'))
      .reduce((sum, line) => sum + (JSON.parse(line) as { count: number }).count, 0);
  }

  /** Behind everybody's back, as an operator's mistake would. */
  async deleteQueues(): Promise<void> {
    const { amqpUrl, rabbitmqManagementUrl } = this.whole.run;
    const headers = { authorization: basicAuthorization(amqpUrl) };
    const queues = `${rabbitmqManagementUrl}/api/queues/%2F`;
    const all = (await (await fetch(queues, { headers })).json()) as { name: string; exclusive: boolean }[];
    const durable = all.filter(({ exclusive }) => !exclusive);
    await Promise.all(durable.map(({ name }) => fetch(`${queues}/${name}`, { method: 'DELETE', headers })));
  }

  killServices(): void {
    for (const { pid } of this.whole.run.services) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It is being started again at this moment.
      }
    }
  }

  /** All processes: the first of each service, beginning with the gateway, then the second of each. */
  processesInTurn(): ServiceEntry[] {
    const all = services.map((service) => this.whole.run.services.filter(({ name }) => name === service));
    const most = Math.max(...all.map(({ length }) => length));
    return Array.from({ length: most }, (_, index) => all.flatMap((some) => some[index] ?? [])).flat();
  }

  /**
   * Tells a process to stop, as whoever rolls out a new version does, and waits until it is there again.
   * @throws if it did not stop as it should.
   */
  async restart({ name, metricsUrl }: ServiceEntry): Promise<void> {
    const pidNow = (): number | undefined =>
      this.whole.run.services.find((entry) => entry.metricsUrl === metricsUrl)?.pid;
    const pid = pidNow() ?? 0;
    process.kill(pid, 'SIGTERM');
    const isBack = async (): Promise<boolean> => pidNow() !== pid && isReady(new URL(metricsUrl).origin);
    await until(`${name} to be ready again`, isBack, restartDeadlineMs);
    await this.#untilBalanced();
    this.#mustHaveStoppedWell();
  }

  async #untilBalanced(): Promise<void> {
    await until('the balancer to use all gateways', () => this.#balancer?.areAllReady ?? true);
  }

  #mustHaveStoppedWell(): void {
    const ends = this.#linesOf('supervisor').filter((line) => / ended \((?!exit code 0\))/.test(line));
    const cutOff = services
      .flatMap((name) => this.#linesOf(name))
      .filter((line) => line.includes('"unfinished"'));
    const bad = [...ends, ...cutOff];
    if (bad.length > 0) throw new Error(`did not stop as it should:\n${bad.join('\n')}`);
  }

  /** Of all its processes. */
  #linesOf(service: string): string[] {
    const logs = join(this.whole.directory, 'logs');
    const names = readdirSync(logs).filter((name) => name.replace(/(-\d+)?\.log$/, '') === service);
    return names.flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'));
  }

  stop(): void {
    this.#balancer?.stop();
    this.whole.stop();
  }
}
