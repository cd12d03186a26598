import { destinationsPerTenant, type EventName, pathOf, readEventId } from '../load/event-names.js';
import { GrowingTimes } from '../load/growing-times.js';

export interface Expectation {
  readonly run: string;
  readonly fanOut: number;
  readonly payloadBytes: number;
}

/** What came in one run. */
export interface Arrivals {
  /** The first arrival of each delivery: event `n` has `fanOut` of them from `n × fanOut` on. */
  readonly times: Float64Array;
  readonly received: number;
  readonly duplicated: number;
  /** At the wrong address, or too short. */
  readonly unexpected: number;
}

/** Notes each delivery of one run; what is left over from another run is not counted. */
export class ArrivalLog {
  readonly #times = new GrowingTimes();
  #count = 0;
  #highest = 0;
  #duplicated = 0;
  #unexpected = 0;

  constructor(private readonly expected: Expectation) {}

  /** Deliveries, each once. */
  get received(): number {
    return this.#count;
  }

  note(eventId: string, path: string, { bytes, atMs }: { bytes: number; atMs: number }): void {
    const event = readEventId(eventId);
    if (event.run !== this.expected.run) return;
    const destination = Number(path.slice(path.lastIndexOf('/') + 1));
    if (bytes < this.expected.payloadBytes || !isRight(event, path, destination)) this.#unexpected++;
    else this.#take(event.number * this.expected.fanOut + (this.expected.fanOut > 1 ? destination : 0), atMs);
  }

  #take(delivery: number, atMs: number): void {
    if (!Number.isNaN(this.#times.get(delivery))) this.#duplicated++;
    else {
      this.#times.set(delivery, atMs);
      this.#count++;
      this.#highest = Math.max(this.#highest, delivery + 1);
    }
  }

  get arrivals(): Arrivals {
    return {
      times: this.#times.first(this.#highest),
      received: this.#count,
      duplicated: this.#duplicated,
      unexpected: this.#unexpected,
    };
  }
}

/** Whether this is where the event was to go. */
function isRight(event: EventName, path: string, destination: number): boolean {
  if (path !== pathOf(event.tenant, destination)) return false;
  return event.destination === 'all'
    ? destination < destinationsPerTenant
    : event.destination === destination;
}
