import type { Plan } from '../generator/plan.js';
import { destinationsPerTenant, tenantIdOf, typeOf } from '../load/event-names.js';
import { originsOf } from '../load/origins.js';
import type { GrowthResult } from '../results.js';
import type { Setting } from '../run-scenarios.js';
import type { Subject } from '../subject.js';
import type { Owner } from './fill-ledger.js';
import { type Growth, tidy } from './growths.js';
import { type GrowthMeasurement, measureGrowth } from './measure-growth.js';

/** Low enough for one tenant's destinations to keep up on a small machine. */
const usualPerSecond = 100;

/** Measures, lets one thing after another grow, and measures after each. */
export class GrowthRunner {
  #loads = 0;

  constructor(
    private readonly setting: Setting,
    private readonly subject: Subject,
    private readonly owner: Owner,
    private readonly sinkPort: number,
  ) {}

  static async prepare(setting: Setting): Promise<GrowthRunner> {
    const [subject] = setting.subjects;
    const sinkPort = await setting.sink.call<number>('port');
    await subject.register(destinationsPerTenant, sinkPort);
    const tenantId = tenantIdOf(destinationsPerTenant, 0);
    const page = await subject.must<{ data: { id: string }[] }>('GET', `/tenants/${tenantId}/destinations`);
    const destinationIds = page.data.map(({ id }) => id);
    return new GrowthRunner(setting, subject, { tenantId, eventType: typeOf(0), destinationIds }, sinkPort);
  }

  async measureSmall(): Promise<GrowthResult> {
    return {
      name: 'small',
      what: 'nothing has grown',
      count: 0,
      grewInS: 0,
      measurements: await this.#measure('small'),
    };
  }

  async run({ name, what, count, grow }: Growth, scale: number): Promise<GrowthResult> {
    const { progress } = this.setting;
    const { subject, owner } = this;
    const scaled = Math.ceil(count * scale);
    progress.begin(name);
    const begunMs = performance.now();
    const said = (done: number): void => progress.say(`${done} of ${scaled} ${what}`);
    const [origin = ''] = originsOf(1, this.sinkPort);
    await grow({ subject, owner, unusedUrl: `${origin}/grown`, count: scaled, said });
    progress.say('tidying up');
    await tidy(subject);
    const grewInS = (performance.now() - begunMs) / 1000;
    return { name, what, count: scaled, grewInS, measurements: await this.#measure(name) };
  }

  #plan(): Plan {
    const { window, batchSize, perSecond = usualPerSecond } = this.setting.options;
    return {
      ...this.subject.addresses,
      run: `g${process.pid}x${++this.#loads}`,
      door: 'http',
      payloadBytes: 1024,
      fanOut: 1,
      destinations: destinationsPerTenant,
      window,
      batchSize,
      perSecond,
    };
  }

  async #measure(name: string): Promise<GrowthMeasurement[]> {
    const { options, progress, sink, generator } = this.setting;
    const measurements: GrowthMeasurement[] = [];
    for (let run = 1; run <= options.runs; run++) {
      progress.begin(`${name}, run ${run} of ${options.runs}`);
      const bench = { sink, generator, ...options, say: progress.say };
      measurements.push(
        await measureGrowth(bench, this.#plan(), { subject: this.subject, owner: this.owner }),
      );
    }
    return measurements;
  }
}
