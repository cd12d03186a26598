import { failpoint } from '#libs/failpoints';
import type { Dispatcher } from 'undici';
import { classifyFailure, type FailureClass, localFault } from './classify-failure.js';
import type { Connection } from './connection.js';
import type { PostResult } from './post-result.js';

const MAX_READ_BYTES = 65_536;
const MAX_KEPT_BYTES = 16_384;

export interface Ending {
  result: PostResult;
  /** Whether the connection stands where the next request may begin. */
  isReusable: boolean;
  /** The connection had served an earlier request and ended before the first byte of this answer. */
  isStale: boolean;
}

export interface ExchangeOptions {
  connection: Pick<Connection, 'isResolving' | 'head' | 'beginRequest'>;
  /** Of the attempt, by `performance.now()`. */
  startedAtMs: number;
  /** Receives an error that no failure class names. */
  onUnknownFailure: (error: unknown) => void;
}

/** Failures of a connection, as opposed to what was said on it. */
const connectionFailures: ReadonlySet<FailureClass> = new Set(['reset', 'tls_protocol']);

type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * One request and its answer on one connection. The first end counts: the last byte, enough bytes, an error, the
 * deadline or the caller's change of mind. Once there is a final status line, every end is an answer.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly #ending = Promise.withResolvers<Ending>();
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;
  #readBytes = 0;
  #isSent = false;
  #isReused = false;
  #statusCode: number | undefined;
  #retryAfter: string | undefined;

  constructor(private readonly options: ExchangeOptions) {}

  /** Rejects with a fault of this process, or with the reason given to `cancel`. */
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
    this.#isReused = this.options.connection.beginRequest();
  }

  /** `AnswerHead` lets only final answers through. */
  onResponseStart(_controller: unknown, statusCode: number, headers: ResponseHeaders): void {
    this.options.connection.head.complete();
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
    const fault = localFault(error);
    if (fault === undefined) this.#failed(this.#classify(error));
    else this.#ending.reject(fault);
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
    this.#ending.resolve({ result, isReusable, isStale: false });
    return true;
  }

  #failed(errorClass: FailureClass): void {
    const result = { result: 'failed', errorClass, durationMs: this.#elapsedMs() } as const;
    const isStale =
      this.#isReused && !this.options.connection.head.hasBegun && connectionFailures.has(errorClass);
    this.#ending.resolve({ result, isReusable: false, isStale });
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.options.startedAtMs);
  }

  /** Every error of an exchange is the endpoint's, also an unexpected one. */
  #classify(error: unknown): FailureClass {
    const errorClass = classifyFailure(error);
    if (errorClass === undefined) {
      this.options.onUnknownFailure(error);
      return 'protocol_error';
    }
    if (errorClass === 'connect_timeout') return this.#stuckBeforeSending();
    // The head of an answer began and did not become one: cut off, or a 101 without an upgrade.
    if (errorClass === 'reset' && this.#isSent && this.options.connection.head.hasBegun)
      return 'protocol_error';
    return errorClass;
  }

  #stuckBeforeSending(): FailureClass {
    return this.options.connection.isResolving ? 'dns_error' : 'connect_timeout';
  }
}
