import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { basicAuthorization } from '#libs/servers';
import { RunningPosthorn } from '#libs/testing';
import type { Timetable } from './audit.js';

export const timetable: Timetable = { scheduleMs: [300, 600, 1200], jitter: 0.2 };

/** A running Posthorn that can be hurt. */
export class FaultedPosthorn {
  private constructor(
    readonly whole: RunningPosthorn,
    private readonly armingFile: string,
  ) {}

  /** @param mutantRoot has a broken build. Nothing is swept up after it: the sweeper would mend what it breaks. */
  static async start(mutantRoot?: string): Promise<FaultedPosthorn> {
    const armingFile = resolve('.posthorn/test/failpoint');
    writeFileSync(armingFile, '', { flag: 'w' });
    const environment = {
      POSTHORN_FAILPOINT: `@${armingFile}`,
      RETRY_SCHEDULE: timetable.scheduleMs.map((ms) => `${ms}ms`).join(','),
      RETRY_JITTER: String(timetable.jitter),
      // The retries of endpoints that do not answer are audited by the timetable; no circuit is to hold them.
      CIRCUIT_FAILURES: '1000000',
      SWEEP_AFTER: mutantRoot === undefined ? '5s' : '1h',
      SWEEP_INTERVAL_MS: '500',
    };
    const whole = await RunningPosthorn.start('faults', environment, mutantRoot);
    return new FaultedPosthorn(whole, armingFile);
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

  #linesOf(service: string): string[] {
    const log = join(this.whole.directory, 'logs', `${service}.log`);
    return existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  }

  stop(): void {
    this.whole.stop();
  }
}
