export interface ReadinessReport {
  readonly status: 'ok' | 'unavailable';
  /** What is not there, by name. */
  readonly missing?: readonly string[];
}

type Check = () => boolean | Promise<boolean>;

/** Is what this process needs to do its work there? Each part that it needs adds a check. */
export class Readiness {
  readonly #checks = new Map<string, Check>();
  #withdrawn: string | undefined;

  add(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** Never ready again from here on, and without asking anybody: what it needs may be hanging. */
  withdraw(reason: string): void {
    this.#withdrawn = reason;
  }

  async report(): Promise<ReadinessReport> {
    if (this.#withdrawn !== undefined) return { status: 'unavailable', missing: [this.#withdrawn] };
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => ((await check()) ? undefined : name)),
    );
    const missing = results.filter((name) => name !== undefined);
    return missing.length === 0 ? { status: 'ok' } : { status: 'unavailable', missing };
  }
}
