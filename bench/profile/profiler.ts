import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Inspector, type RunningPosthorn } from '#libs/testing';
import { type CpuProfile, hottest } from './hottest.js';

const hottestShown = 12;

/** Takes a CPU profile of each service, for as long as something is measured. */
export class Profiler {
  readonly #inspectors = new Map<string, Inspector>();

  constructor(
    private readonly posthorn: RunningPosthorn,
    private readonly directory: string,
  ) {}

  async begin(): Promise<void> {
    for (const { name } of this.posthorn.run.services)
      this.#inspectors.set(name, await Inspector.open(this.posthorn, name));
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
}
