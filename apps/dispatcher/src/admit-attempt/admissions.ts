import { type DeliveryRequested, partitionOf } from '#libs/contracts';
import { Log } from '#libs/observability';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Destination } from '../deliver-event/destination.js';
import { AttemptsUnderWay, type Place } from './attempts-under-way.js';
import { type Limit, limitReached, slotsOfPace } from './limit-reached.js';
import { Membership } from './membership.js';
import { Paces, slowMs } from './paces.js';
import { RatesRepository, type Turn } from './rates.repository.js';
import { type Slots, slotsOf } from './slots-of.js';
import { type Room, Turns } from './turns.js';

/** An attempt may begin, and `end` is to be called once however it ends, with how long it took; or not yet. */
export type Admission =
  | { readonly admitted: true; readonly end: (durationMs?: number) => void }
  | { readonly admitted: false; readonly retryInMs: number };

type Limited = Pick<Destination, 'destinationId' | 'maxConcurrency' | 'ratePerSecond'>;

/** No limit passes sooner than the ledger can send again. */
const soonestMs = 100;
const crowdedMs = 1000;
/**
 * Those who wait for a destination look again soon: it may have come back. The slots of the slow are full for as long as
 * thousands hang, and each look at them costs two messages and two writes.
 */
const latestMs = { destination: 30_000, shared: 120_000 };
const saidAgainAfterMs = 60_000;

/** Decides whether an attempt may begin, and keeps the counts that this needs. Nobody waits here. */
@Injectable()
export class Admissions {
  readonly #paces = new Paces();
  readonly #turns = new Turns();
  readonly #said = new LRUCache<string, true>({ max: 10_000, ttl: saidAgainAfterMs });

  constructor(
    private readonly membership: Membership,
    private readonly underWay: AttemptsUnderWay,
    private readonly rates: RatesRepository,
    private readonly log: Log,
  ) {}

  /** @throws DatabaseUnavailableError where the destination has a rate. */
  async admit({ tenantId }: Pick<DeliveryRequested, 'tenantId'>, destination: Limited): Promise<Admission> {
    const { destinationId, maxConcurrency, ratePerSecond } = destination;
    const share = this.membership.shareOf(maxConcurrency, destinationId);
    const place = { destinationId, tenantId, pace: this.#paces.of(destinationId) };
    const limit = limitReached(this.underWay.of(place), { share, pace: place.pace });
    if (limit) return this.#refused(destinationId, limit, this.#room(place, limit, share));

    const end = this.underWay.begin(place, maxConcurrency);
    if (ratePerSecond === undefined) return this.#admitted(destinationId, end);
    const slots = slotsOf(ratePerSecond);
    const turn = await this.#take(destinationId, slots, end);
    if (turn.granted) return this.#admitted(destinationId, end);
    const everyMs = slots.everyMs * this.membership.processCount;
    const { retryInMs } = turn;
    const room = { line: destinationId, soonestMs: retryInMs, everyMs, latestMs: latestMs.destination };
    return this.#refused(destinationId, 'rate', room);
  }

  /**
   * A test counts for the concurrency and the rate of its destination, and holds none of the slots that deliveries share.
   * @throws DatabaseUnavailableError where the destination has a rate.
   */
  async admitTest({ destinationId, maxConcurrency, ratePerSecond }: Limited): Promise<Admission> {
    const share = this.membership.shareOf(maxConcurrency, destinationId);
    if (this.underWay.ofDestination(destinationId) >= share) return { admitted: false, retryInMs: crowdedMs };
    const end = this.underWay.beginTest(destinationId, maxConcurrency);
    const turn: Turn =
      ratePerSecond === undefined
        ? { granted: true }
        : await this.#take(destinationId, slotsOf(ratePerSecond), end);
    return turn.granted ? { admitted: true, end } : { admitted: false, retryInMs: turn.retryInMs };
  }

  /** @param end what to call if there is no turn. */
  async #take(destinationId: string, slots: Slots, end: () => void): Promise<Turn> {
    let turn: Turn | undefined;
    try {
      turn = await this.rates.take(destinationId, slots);
      return turn;
    } finally {
      if (!turn?.granted) end();
    }
  }

  #admitted(destinationId: string, end: () => void): Admission {
    const suspicion = setTimeout(() => this.#paces.suspect(destinationId), slowMs);
    return {
      admitted: true,
      end: (durationMs) => {
        clearTimeout(suspicion);
        end();
        if (durationMs !== undefined) this.#paces.learn(destinationId, durationMs);
      },
    };
  }

  /**
   * When there may be room: soon where attempts end at once, later where they hang. Whoever shares the room stands in
   * one line. Those who are sent away come back twice as fast as they can be taken: a few too many cost less than a slot
   * that waits for them.
   */
  #room(place: Place, limit: Limit, share: number): Room {
    const { destinationId, tenantId, pace } = place;
    const partition = partitionOf(destinationId);
    const lines = {
      destination: { line: destinationId, slots: share },
      pace: { line: `${partition}/${pace}`, slots: slotsOfPace[pace].together },
      tenant: { line: `${partition}/${pace}/${tenantId}`, slots: slotsOfPace[pace].ofTenant },
    };
    const { line, slots } = lines[limit];
    const meanMs = this.#paces.meanMs(destinationId);
    const crowd = Math.min(Math.max(meanMs, soonestMs), crowdedMs);
    const jitter = 0.5 + Math.random();
    return {
      line,
      soonestMs: (limit === 'destination' ? soonestMs : crowd) * jitter,
      everyMs: meanMs / Math.max(slots, 1) / 2,
      latestMs: limit === 'destination' ? latestMs.destination : latestMs.shared,
    };
  }

  #refused(destinationId: string, limit: Limit | 'rate', room: Room): Admission {
    const retryInMs = this.#turns.next(room);
    if (!this.#said.has(destinationId))
      this.log.debug('destination.limited', { destinationId, limit, retryInMs });
    this.#said.set(destinationId, true);
    return { admitted: false, retryInMs };
  }
}
