import { failpoint } from '#libs/failpoints';
import type { Dispatcher } from 'undici';
import { classifyFailure, type FailureClass } from './classify-failure.js';
import type { Connection } from './connection.js';
import type { PostResult } from './post-result.js';

const MAX_READ_BYTES = 65_536;
const MAX_KEPT_BYTES = 16_384;

interface Ending {
  result: PostResult;
  /** Whether the connection stands where the next request may begin. */
  isReusable: boolean;
}

type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request and its answer on one connection. The first end counts: the last byte, enough bytes, an error, the
 * deadline or the caller's change of mind. Once there is a final status line, every end is an answer.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #startedAtMs = performance.now();
  readonly #ending = Promise.withResolvers<Ending>();
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #readBytes = 0;
  #isSent = false;
  #isAnswerBegun = false;
  #statusCode: number | undefined;
  #retryAfter: string | undefined;

  constructor(private readonly connection: Pick<Connection, 'isResolving'>) {}

  /** Rejects with an error that is not the endpoint's, or with the reason given to `cancel`. */
  get ending(): Promise<Ending> {
    return this.#ending.promise;
  }

  /** The deadline. */
  expire(): void {
    if (!this.#answered()) this.#failed(this.#isSent ? 'timeout' : this.#stuckBeforeSending());
  }

  cancel(reason: unknown): void {
    if (!this.#answered()) this.#ending.reject(reason);
  }

  onRequestStart(): void {
    this.#isSent = true;
  }

  onResponseStarted(): void {
    this.#isAnswerBegun = true;
  }

  /** Comes once for each informational answer too. */
  onResponseStart(_controller: unknown, statusCode: number, headers: ResponseHeaders): void {
    if (statusCode < 200) return;
    failpoint('dispatcher.sent');
    this.#statusCode = statusCode;
    const retryAfter = headers['retry-after'];
    this.#retryAfter = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#readBytes += chunk.length;
    const wanted = chunk.subarray(0, MAX_KEPT_BYTES - this.#keptBytes);
    if (wanted.length > 0) this.#kept.push(wanted);
    this.#keptBytes += wanted.length;
    if (this.#readBytes >= MAX_READ_BYTES) this.#answered();
  }

  onResponseEnd(): void {
    this.#answered({ isReusable: true });
  }

  onResponseError(_controller: unknown, error: unknown): void {
    if (this.#answered()) return;
    const errorClass = this.#classify(error);
    if (errorClass === undefined) this.#ending.reject(error);
    else this.#failed(errorClass);
  }

  /** @returns false when there is no final status line yet. */
  #answered({ isReusable } = { isReusable: false }): boolean {
    const statusCode = this.#statusCode;
    if (statusCode === undefined) return false;
    const retryAfter = this.#retryAfter === undefined ? {} : { retryAfter: this.#retryAfter };
    const body = Buffer.concat(this.#kept, this.#keptBytes);
    const result = {
      result: 'answered',
      statusCode,
      ...retryAfter,
      body,
      durationMs: this.#elapsedMs(),
    } as const;
    this.#ending.resolve({ result, isReusable });
    return true;
  }

  #failed(errorClass: FailureClass): void {
    const result = { result: 'failed', errorClass, durationMs: this.#elapsedMs() } as const;
    this.#ending.resolve({ result, isReusable: false });
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAtMs);
  }

  #classify(error: unknown): FailureClass | undefined {
    const errorClass = classifyFailure(error);
    if (errorClass === 'connect_timeout') return this.#stuckBeforeSending();
    // the head of an answer began and did not become one: cut off, or a 101 or 100 that nobody asked for
    if (errorClass === 'reset' && this.#isAnswerBegun) return 'protocol_error';
    return errorClass;
  }

  #stuckBeforeSending(): FailureClass {
    return this.connection.isResolving ? 'dns_error' : 'connect_timeout';
  }
}
