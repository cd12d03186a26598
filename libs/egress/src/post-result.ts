import type { FailureClass } from './classify-failure.js';

export interface OutgoingPost {
  url: string;
  /** Names and values as they are sent; those that frame the message are not the caller's to set. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Whose webhook it is: one tenant's lookups do not delay those of others. */
  tenantId?: string;
  /** From the first question to DNS to the last byte of the answer. */
  timeoutMs: number;
  /** Takes the post back. Without a status line by then, `post` rejects with the signal's reason. */
  signal?: AbortSignal;
}

export type PostResult =
  | {
      /** There was a final status line; whether the body was complete does not count. */
      result: 'answered';
      statusCode: number;
      /** The header as it came. */
      retryAfter?: string;
      /** The start of the answer. */
      body: Buffer;
      durationMs: number;
    }
  | { result: 'failed'; errorClass: FailureClass; durationMs: number };
