import { setTimeout as delay } from 'node:timers/promises';
import type { EventName } from '../load/event-names.js';
import { GrowingTimes } from '../load/growing-times.js';
import { nowMs } from '../measure/clock.js';
import { type OpenDoor, openDoor } from './doors.js';
import { dueAfter, eventsOf, intendedAfterMs } from './pacing.js';
import type { Plan, Published } from './plan.js';

const tickMs = 1;

/**
 * Publishes by a plan until it is told to stop. At a rate, each event has its time, and its latency counts from then
 * on, also if the generator or what it publishes to was late. Without one, the next event goes when there is room.
 */
export class Generator {
  readonly #intended = new GrowingTimes();
  readonly #acknowledged = new GrowingTimes();
  readonly #eventsPerPublish: number;
  #publishes = 0;
  #underWay = 0;
  #received = 0;
  #isPaused = false;
  #isStopped = false;
  #refused = 0;
  #firstRefusal: string | undefined;
  #onSettled: (() => void) | undefined;

  private constructor(
    private readonly plan: Plan,
    private readonly door: OpenDoor,
  ) {
    this.#eventsPerPublish = plan.door === 'batch' ? plan.batchSize : 1;
    void (plan.perSecond === undefined ? this.#fill() : this.#keepPace(plan.perSecond));
  }

  static async start(plan: Plan): Promise<Generator> {
    return new Generator(plan, await openDoor(plan));
  }

  get events(): number {
    return this.#publishes * this.#eventsPerPublish;
  }

  /** So many deliveries have reached the sink. */
  received(count: number): void {
    this.#received = count;
    this.#fill();
  }

  /** While too much waits elsewhere. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#fill();
  }

  /** Publishes no more, and waits for what is under way. */
  async stop(): Promise<Published> {
    this.#isStopped = true;
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#onSettled = resolve));
    await this.door.close();
    return {
      intendedMs: this.#intended.first(this.events),
      acknowledgedMs: this.#acknowledged.first(this.events),
      refused: this.#refused,
      ...(this.#firstRefusal !== undefined && { firstRefusal: this.#firstRefusal }),
    };
  }

  async #keepPace(perSecond: number): Promise<void> {
    const startMs = nowMs();
    while (!this.#isStopped) {
      const due = dueAfter(nowMs() - startMs, perSecond, this.#eventsPerPublish);
      while (this.#publishes < due)
        this.#publish(startMs + intendedAfterMs(this.#publishes, perSecond, this.#eventsPerPublish));
      await delay(tickMs);
    }
  }

  #fill(): void {
    if (this.plan.perSecond !== undefined) return;
    while (this.#hasRoom()) this.#publish(nowMs());
  }

  #hasRoom(): boolean {
    if (this.#isStopped || this.#isPaused || this.#underWay >= this.door.atOnce) return false;
    const accepted = this.events - this.#refused;
    return (accepted + this.#eventsPerPublish) * this.plan.fanOut - this.#received <= this.plan.window;
  }

  #publish(intendedMs: number): void {
    const events = eventsOf(this.plan, this.#publishes++);
    for (const { number } of events) this.#intended.set(number, intendedMs);
    this.#underWay++;
    void this.#await(events);
  }

  async #await(events: readonly EventName[]): Promise<void> {
    try {
      await this.door.publish(events);
      const atMs = nowMs();
      for (const { number } of events) this.#acknowledged.set(number, atMs);
    } catch (error) {
      this.#refused += events.length;
      this.#firstRefusal ??= (error as Error).message;
    }
    this.#settle();
  }

  #settle(): void {
    this.#underWay--;
    if (!this.#isStopped) this.#fill();
    else if (this.#underWay === 0) this.#onSettled?.();
  }
}
