import { createHash } from 'node:crypto';

/** What the publisher meant to publish, written down before it tried, and what came of it. */
export interface Intent {
  readonly eventId: string;
  readonly tenantId: string;
  readonly eventType: string;
  readonly door: 'http' | 'amqp';
  /** Of the payload's bytes. */
  readonly hash: string;
  tries: number;
  /** Of the first try. */
  readonly begunAtMs?: number;
  acknowledgedAtMs?: number;
  /** An answer that a publisher must never get. */
  wrongAnswer?: string;
}

/** A request that an endpoint saw, written down before it answered. */
export interface Sighting {
  readonly path: string;
  readonly eventId: string;
  readonly hash: string;
  readonly isVerified: boolean;
  readonly atMs: number;
  /** What it was answered; 0 for a connection that was reset. */
  readonly status: number;
}

export interface Journal {
  readonly intents: Intent[];
  readonly sightings: Sighting[];
}

export function hashOf(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
}
