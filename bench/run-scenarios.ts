import { join } from 'node:path';
import type { Plan } from './generator/plan.js';
import { Child } from './load/child.js';
import { HistoryWatch } from './measure/history-watch.js';
import { Histogram, type Percentiles } from './measure/histogram.js';
import { originsOf } from './load/origins.js';
import { type Bench, runLoad } from './load/run-load.js';
import type { Measurement } from './measurement.js';
import type { Options } from './options.js';
import { Profiler } from './profile/profiler.js';
import type { RawLimit } from './raw-limit/main.js';
import type { Progress } from './report/progress.js';
import type { ScenarioResult, SubjectResult } from './results.js';
import { rawKeyOf, type Scenario } from './scenarios.js';
import type { Subject } from './subject.js';

export interface Setting {
  readonly options: Options;
  readonly subjects: readonly [Subject, ...Subject[]];
  readonly sink: Child;
  readonly generator: Child;
  readonly progress: Progress;
  /** For profiles. */
  readonly directory: string;
  readonly print: (text: string) => void;
}

/**
 * Runs scenarios: in each run all of them one after the other, each with the raw limit and every subject. A machine that
 * others share changes within an hour, and what is compared is to have met the same one.
 */
export class ScenarioRunner {
  readonly #raw = new Map<string, Measurement>();
  #loads = 0;

  constructor(private readonly setting: Setting) {}

  /** @param told whenever a scenario is measured once more. */
  async run(
    scenarios: readonly Scenario[],
    told: (result: ScenarioResult, run: number) => void,
  ): Promise<ScenarioResult[]> {
    const { options, sink } = this.setting;
    const sinkPort = await sink.call<number>('port');
    const results: ScenarioResult[] = [];
    for (const scenario of scenarios) results.push(await this.#prepare(scenario, sinkPort));
    const possible = results.filter(({ skipped }) => skipped === undefined);
    for (let run = 1; run <= options.runs; run++) {
      for (const result of possible) {
        await this.#runOnce(result, run, sinkPort);
        told(result, run);
      }
    }
    return results;
  }

  async #prepare(scenario: Scenario, sinkPort: number): Promise<ScenarioResult> {
    const { subjects, progress } = this.setting;
    progress.begin(scenario.name);
    progress.say('registering destinations');
    for (const subject of subjects) {
      await subject.register(scenario.destinations, sinkPort);
      if (scenario.door === 'batch' && !(await subject.takesBatches()))
        return { scenario, raw: [], subjects: [], skipped: `${subject.name} has no POST …/events/batch` };
    }
    return { scenario, raw: [], subjects: subjects.map(resultOf) };
  }

  async #runOnce({ scenario, raw, subjects }: ScenarioResult, run: number, sinkPort: number): Promise<void> {
    raw.push(await this.#rawLimit(scenario, run, sinkPort));
    const inTurn = [...this.setting.subjects.entries()];
    // Whoever comes second takes a little less processor time, whichever build it is.
    if (run % 2 === 0) inTurn.reverse();
    for (const [index, subject] of inTurn) {
      const measured = await this.#measure(scenario, run, subject);
      if (subjects[index]) add(subjects[index], measured);
    }
  }

  /** The most that is sustained, and then a constant half of it. */
  async #measure(scenario: Scenario, run: number, subject: Subject): Promise<Measured> {
    const { options } = this.setting;
    const plan = this.#plan(scenario, subject);
    const about = `${scenario.name}, run ${run} of ${options.runs}, ${subject.name}`;
    const profiler = options.profile ? this.#profiler(scenario, subject) : undefined;
    const watched = { run: () => subject.posthorn.run, others: {} };
    const whileMeasured = profiler && {
      begin: () => profiler.begin(),
      end: async () => this.setting.print(await profiler.end()),
    };
    const most = await runLoad(this.#bench(about), plan, {
      ...watched,
      ...(whileMeasured && { whileMeasured }),
    });
    const perSecond = options.perSecond ?? Math.max(1, most.deliveriesPerS / scenario.fanOut / 2);
    const atHalf = { ...plan, run: this.#nextRun(), perSecond };
    const half = await this.#measureHalf(`${about}, at half load`, atHalf, subject);
    return { most, ...half };
  }

  async #measureHalf(
    about: string,
    plan: Plan,
    { posthorn }: Subject,
  ): Promise<{ half: Measurement; history: Percentiles }> {
    let watch: HistoryWatch | undefined;
    let history = new Histogram().summary;
    const half = await runLoad(this.#bench(about), plan, {
      run: () => posthorn.run,
      others: {},
      whileMeasured: {
        begin: () => {
          watch = new HistoryWatch(posthorn);
          return Promise.resolve();
        },
        end: async () => {
          if (watch) history = await watch.stop();
        },
      },
    });
    return { half, history };
  }

  /** Once in each run for all scenarios that have the same. */
  async #rawLimit(scenario: Scenario, run: number, sinkPort: number): Promise<Measurement> {
    const key = `${rawKeyOf(scenario)} ${run}`;
    const known = this.#raw.get(key);
    if (known) return known;
    const [subject] = this.setting.subjects;
    const { amqpUrl, databaseUrl } = subject.posthorn.run;
    const child = Child.start('raw-limit');
    const limit: RawLimit = { amqpUrl, databaseUrl, origins: originsOf(scenario.destinations, sinkPort) };
    await child.call('start', limit);
    try {
      const plan: Plan = { ...this.#plan(scenario, subject), door: 'raw', amqpUrl };
      const measurement = await runLoad(this.#bench(`${scenario.name}, run ${run}, raw limit`), plan, {
        run: () => subject.posthorn.run,
        others: { 'raw limit': [child.pid] },
      });
      this.#raw.set(key, measurement);
      return measurement;
    } finally {
      await child.call('stop');
      child.stop();
    }
  }

  #plan({ door, payloadBytes, fanOut, destinations }: Scenario, { addresses }: Subject): Plan {
    const { window, batchSize } = this.setting.options;
    const run = this.#nextRun();
    return { ...addresses, run, door, payloadBytes, fanOut, destinations, window, batchSize };
  }

  #profiler({ name }: Scenario, subject: Subject): Profiler {
    return new Profiler(
      subject.posthorn,
      join(this.setting.directory, 'profiles', `${subject.name}-${name}`),
    );
  }

  #nextRun(): string {
    return `b${process.pid}x${++this.#loads}`;
  }

  #bench(about: string): Bench {
    const { sink, generator, progress, options } = this.setting;
    progress.begin(about);
    return { sink, generator, ...options, say: progress.say };
  }
}

function resultOf({ name }: Subject): SubjectResult {
  return { subject: name, most: [], half: [], history: [] };
}

interface Measured {
  readonly most: Measurement;
  readonly half: Measurement;
  readonly history: Percentiles;
}

function add(result: SubjectResult, { most, half, history }: Measured): void {
  result.most.push(most);
  result.half.push(half);
  result.history.push(history);
}
