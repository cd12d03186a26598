/** Every error that a caller can be shown, and its HTTP status. */
export const problemStatus = {
  invalid_json: 400,
  invalid_utf8: 400,
  json_too_deep: 400,
  invalid_cursor: 400,
  invalid_query: 400,
  unauthenticated: 401,
  insufficient_scope: 403,
  not_found: 404,
  method_not_allowed: 405,
  destination_deleted: 409,
  payload_expired: 409,
  limit_reached: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  validation_failed: 422,
  schema_mismatch: 422,
  destination_url_denied: 422,
  header_not_allowed: 422,
  too_many_hops: 422,
  idempotency_key_reused: 422,
  rate_limited: 429,
  too_many_replays: 429,
  internal_error: 500,
  unavailable: 503,
} as const;

export type ProblemCode = keyof typeof problemStatus;

export interface FieldError {
  /** Where: `url`, `metadata.colour`. */
  readonly path: string;
  readonly message: string;
}

/** How large a problem may be, whatever is wrong: texts in UTF-16 code units. */
export const problemLimits = { errors: 20, path: 200, message: 500, detail: 500 } as const;

/** An expected failure with a message meant for the caller; it crosses service boundaries within `problemLimits`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly detail: string;
  readonly errors?: readonly FieldError[];

  constructor(
    readonly code: ProblemCode,
    detail: string,
    errors?: readonly FieldError[],
  ) {
    super(`${code}: ${shortened(detail, problemLimits.detail)}`);
    this.detail = shortened(detail, problemLimits.detail);
    if (errors) this.errors = boundedErrors(errors);
  }

  get status(): number {
    return problemStatus[this.code];
  }

  /** What it needs is away for a moment: the same thing may succeed later. */
  get transient(): boolean {
    return this.code === 'unavailable';
  }
}

/** The first errors, each within `problemLimits`. */
export function boundedErrors(errors: readonly FieldError[]): FieldError[] {
  return errors.slice(0, problemLimits.errors).map(({ path, message }) => ({
    path: shortened(path, problemLimits.path),
    message: shortened(message, problemLimits.message),
  }));
}

/** The beginning of a text that is longer than `max`, with a mark that more follows. */
export function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
}

/** By shape: under a test runner two realms may each have their own class. */
export function isProblem(error: unknown): error is Problem {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    'detail' in error &&
    String(error.code) in problemStatus
  );
}
