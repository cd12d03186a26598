import { partitionOf } from '#libs/contracts';
import { Injectable } from '@nestjs/common';
import type { UnderWay } from './limit-reached.js';
import type { Pace } from './paces.js';

type Counts = Record<Pace, number>;

/** What an attempt is counted for while it is under way. */
export interface Place {
  readonly destinationId: string;
  readonly tenantId: string;
  readonly pace: Pace;
}

const none: Readonly<Counts> = { quick: 0, unknown: 0, slow: 0 };

/** Counts the attempts that this process has under way. */
@Injectable()
export class AttemptsUnderWay {
  readonly #destinations = new Map<string, { count: number; limit: number }>();
  readonly #groups = new Map<string, Counts>();

  of({ destinationId, tenantId }: Omit<Place, 'pace'>): UnderWay {
    const partition = partitionOf(destinationId);
    return {
      destination: this.ofDestination(destinationId),
      partition: this.#groups.get(`${partition}`) ?? none,
      tenant: this.#groups.get(`${partition}/${tenantId}`) ?? none,
    };
  }

  ofDestination(destinationId: string): number {
    return this.#destinations.get(destinationId)?.count ?? 0;
  }

  /**
   * @param limit the destination's, as of now.
   * @returns what ends the attempt; calling it again does nothing.
   */
  begin(place: Place, limit: number): () => void {
    this.#count(place, limit, 1);
    let isUnderWay = true;
    return () => {
      if (isUnderWay) this.#count(place, limit, -1);
      isUnderWay = false;
    };
  }

  /** As `begin`, for a test: it counts for its destination, and not for what deliveries share. */
  beginTest(destinationId: string, limit: number): () => void {
    this.#countDestination(destinationId, limit, 1);
    return () => this.#countDestination(destinationId, limit, -1);
  }

  /** Whether every destination has no more attempts under way than this allows it. */
  fit(allowed: (limit: number, destinationId: string) => number): boolean {
    for (const [destinationId, { count, limit }] of this.#destinations) {
      if (count > allowed(limit, destinationId)) return false;
    }
    return true;
  }

  #count({ destinationId, tenantId, pace }: Place, limit: number, change: 1 | -1): void {
    this.#countDestination(destinationId, limit, change);
    const partition = partitionOf(destinationId);
    for (const group of [`${partition}`, `${partition}/${tenantId}`]) {
      const counts = { ...(this.#groups.get(group) ?? none) };
      counts[pace] += change;
      if (counts.quick + counts.unknown + counts.slow > 0) this.#groups.set(group, counts);
      else this.#groups.delete(group);
    }
  }

  #countDestination(destinationId: string, limit: number, change: 1 | -1): void {
    const count = (this.#destinations.get(destinationId)?.count ?? 0) + change;
    if (count > 0) this.#destinations.set(destinationId, { count, limit });
    else this.#destinations.delete(destinationId);
  }
}
