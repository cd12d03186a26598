/** How events reach what is measured. `raw` is the queue of the raw limit. */
export type Door = 'http' | 'batch' | 'amqp' | 'raw';

export interface Plan {
  readonly run: string;
  readonly door: Door;
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly amqpUrl: string;
  readonly destinations: number;
  readonly fanOut: number;
  readonly payloadBytes: number;
  readonly batchSize: number;
  /** Events a second, whatever becomes of them. Without it, as fast as the window lets through. */
  readonly perSecond?: number;
  /** Deliveries that may be published and not received, where there is no rate. */
  readonly window: number;
}

/** What became of every event of a plan, by number. */
export interface Published {
  /** When each was to be published, whether or not the generator was in time. */
  readonly intendedMs: Float64Array;
  /** When its publisher had its acknowledgement; NaN if it was refused. */
  readonly acknowledgedMs: Float64Array;
  readonly refused: number;
  readonly firstRefusal?: string;
}
