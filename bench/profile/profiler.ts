import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunningPosthorn } from '#libs/testing';
import { type CpuProfile, hottest } from './hottest.js';
import { Inspector } from './inspector.js';

/** Lets each process choose a port for its inspector, which it opens when it is asked to. */
export const profilingEnvironment = { NODE_OPTIONS: '--inspect-port=0' };

const openDeadlineMs = 10_000;
const hottestShown = 12;

/** Takes a CPU profile of each service, for as long as something is measured. */
export class Profiler {
  readonly #inspectors = new Map<string, Inspector>();

  constructor(
    private readonly posthorn: RunningPosthorn,
    private readonly directory: string,
  ) {}

  async begin(): Promise<void> {
    for (const { name, pid } of this.posthorn.run.services) {
      process.kill(pid, 'SIGUSR1');
      this.#inspectors.set(name, await Inspector.connect(await this.#inspectorUrl(name)));
    }
    for (const inspector of this.#inspectors.values()) {
      await inspector.send('Profiler.enable');
      await inspector.send('Profiler.start');
    }
  }

  /** Writes `<service>.cpuprofile` into the directory. @returns what is hottest, for people to read. */
  async end(): Promise<string> {
    mkdirSync(this.directory, { recursive: true });
    const parts: string[] = [];
    for (const [name, inspector] of this.#inspectors) {
      const { profile } = (await inspector.send('Profiler.stop')) as { profile: CpuProfile };
      inspector.close();
      writeFileSync(join(this.directory, `${name}.cpuprofile`), JSON.stringify(profile));
      const lines = hottest(profile, hottestShown).map(
        ({ name: hot, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${hot}`,
      );
      parts.push([name, ...lines].join('\n'));
    }
    this.#inspectors.clear();
    return `${parts.join('\n')}\nProfiles: ${this.directory}`;
  }

  /** A process says in its log where its inspector listens. */
  async #inspectorUrl(name: string): Promise<string> {
    const log = join(this.posthorn.directory, 'logs', `${name}.log`);
    for (let waitedMs = 0; waitedMs < openDeadlineMs; waitedMs += 50) {
      const url = [...readFileSync(log, 'utf8').matchAll(/Debugger listening on (ws:\S+)/g)].at(-1)?.[1];
      if (url !== undefined) return url;
      await delay(50);
    }
    throw new Error(`${name} opened no inspector`);
  }
}
