/** What a handler may say of a message instead of "done". */
export interface Park {
  readonly park: string;
}

/** The message cannot be processed, and why: it is kept aside for a person to look at. */
export function park(reason: string): Park {
  return { park: reason };
}

export type Outcome = Park | undefined;
