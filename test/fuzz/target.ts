import type fc from 'fast-check';

/** One call of a parser, ready to be measured. */
export interface Call {
  /** How long what a stranger wrote is. */
  readonly bytes: number;
  /** Returns the answer: its size is bounded, as is the processor time of the call. */
  readonly run: () => unknown;
  /** Returns what is wrong with the answer; undefined if nothing is. */
  readonly check?: (answer: unknown) => string | undefined;
}

/** One parser of strangers' bytes. */
export interface Target<Input = unknown> {
  readonly name: string;
  /** A description of the input, small enough to print: `prepare` expands it. */
  readonly input: fc.Arbitrary<Input>;
  readonly prepare: (input: Input) => Call;
  /** Whether an error is one that the parser documents. Default: a `Problem`. */
  readonly documents?: (error: unknown) => boolean;
  /** The processor time that a call may use, where it is not the usual one. */
  readonly cost?: Cost;
}

export interface Cost {
  readonly fixedMs: number;
  readonly msPerKiB: number;
}

/** Keeps the types of one target, and lets a list hold many. */
export function target<Input>(one: Target<Input>): Target {
  return one as unknown as Target;
}
